/**
 * What a Rust program panicked with, and where: read from the arguments of the panic functions on the stack,
 * which need no debug information. Everything read is checked for sense, since a release build may have
 * reused the registers; what does not make sense is left out.
 */
import type { Machine } from "../../dwarf/machine";
import { readText, readU32 } from "./registers";
import { argumentOf as argument, type RuntimeCall, type RuntimeReason } from "./runtime-call";
import { argumentText, renderArguments } from "./rust-format";
import { renderPieces } from "./rust-pieces";

/** Messages of functions whose name says it all (core::panicking::panic_const and helpers). */
const FIXED: Readonly<Record<string, string>> = {
  add_overflow: "attempt to add with overflow",
  sub_overflow: "attempt to subtract with overflow",
  mul_overflow: "attempt to multiply with overflow",
  div_overflow: "attempt to divide with overflow",
  rem_overflow: "attempt to calculate the remainder with overflow",
  neg_overflow: "attempt to negate with overflow",
  shr_overflow: "attempt to shift right with overflow",
  shl_overflow: "attempt to shift left with overflow",
  div_by_zero: "attempt to divide by zero",
  rem_by_zero: "attempt to calculate the remainder with a divisor of zero",
};

interface Rule {
  readonly name: RegExp;
  /** Gives the message, or undefined when the arguments do not make sense. */
  readonly message: (call: RuntimeCall, match: RegExpExecArray) => string | undefined;
  /** Whether the last parameter is the caller's `&Location` (`#[track_caller]`). */
  readonly tracksCaller: boolean;
}

function textArgument(call: RuntimeCall, index: number): string | undefined {
  const at = argument(call, index);
  const length = argument(call, index + 1);
  return at === undefined || length === undefined || length === 0
    ? undefined
    : readText(call.machine, at, length);
}

const RULES: readonly Rule[] = [
  {
    name: /^core::panicking::panic_const::panic_const_(\w+)$/,
    message: (_, match) => FIXED[match[1]!],
    tracksCaller: true,
  },
  {
    name: /^core::panicking::panic_bounds_check$/,
    message: (call) => {
      const index = argument(call, 0);
      const length = argument(call, 1);
      if (index === undefined || length === undefined || index < length) return undefined;
      return `index out of bounds: the len is ${length} but the index is ${index}`;
    },
    tracksCaller: true,
  },
  {
    name: /^core::option::unwrap_failed$/,
    message: () => "called `Option::unwrap()` on a `None` value",
    tracksCaller: true,
  },
  {
    // Says it by an error's `Display`, which would have to run.
    name: /^core::cell::panic_already_(mutably_)?borrowed$/,
    message: (_, match) => `RefCell already ${match[1] === undefined ? "" : "mutably "}borrowed`,
    tracksCaller: true,
  },
  {
    name: /^(alloc::alloc::handle_alloc_error|std::alloc::rust_oom)$/,
    message: () => "memory allocation failed",
    tracksCaller: false,
  },
  { name: /^core::option::expect_failed$/, message: (call) => textArgument(call, 0), tracksCaller: true },
  {
    name: /^core::panicking::panic(_nounwind|_nounwind_nobacktrace|_str_2015|_explicit)?$/,
    message: (call) => textArgument(call, 0),
    tracksCaller: true,
  },
  {
    name: /^core::panicking::panic_fmt$/,
    message: (call) => {
      const [first, second] = [argument(call, 0), argument(call, 1)];
      if (first === undefined) return undefined;
      // Two words by value since Rust 1.93; before, one pointer to the arguments.
      if (call.parameters === 2)
        return renderPieces(call.machine, first, (at) =>
          argumentText(call.machine, at, call.functionInTable),
        );
      if (call.parameters !== 3 || second === undefined) return undefined;
      return renderArguments(call.machine, first, second, call.functionInTable);
    },
    tracksCaller: true,
  },
  { name: /^core::result::unwrap_failed$/, message: (call) => textArgument(call, 0), tracksCaller: true },
  {
    name: /^(__rustc::)?rust_begin_unwind$|^(std::panicking::)?panic_handler$/,
    message: messageOfInfo,
    tracksCaller: false,
  },
  // What catches panics runs the whole program.
  { name: /^std::panicking::(?!(r#)?try\b|catch_unwind\b)/, message: () => undefined, tracksCaller: false },
];

/**
 * The message by `core::panic::PanicInfo` (since Rust 1.81), whose first words point to the Arguments and to the
 * Location. It lies in memory, and so tells more than registers where `panic_fmt` has reused its parameters.
 */
function messageOfInfo(call: RuntimeCall): string | undefined {
  const info = argument(call, 0);
  const [message, location] = [0, 4].map((at) => info && readU32(call.machine, info + at));
  if (call.parameters !== 1 || !message || !location || locationAt(call.machine, location) === undefined)
    return undefined;
  return messageAt(call, message);
}

/** The Arguments at an address: two words since Rust 1.93, before that six. */
function messageAt(call: RuntimeCall, at: number): string | undefined {
  const pieces = renderPieces(call.machine, at, (place) =>
    argumentText(call.machine, place, call.functionInTable),
  );
  if (pieces !== undefined) return pieces;
  const [template, args] = [readU32(call.machine, at), readU32(call.machine, at + 4)];
  if (template === undefined || args === undefined) return undefined;
  return renderArguments(call.machine, template, args, call.functionInTable);
}

/** @param calls youngest first; undefined when none of them is part of a panic */
export function findPanic(calls: readonly RuntimeCall[]): RuntimeReason | undefined {
  let message: string | undefined;
  let location: string | undefined;
  let panicking = false;
  for (const call of calls) {
    for (const rule of RULES) {
      const match = rule.name.exec(call.name);
      if (match === null) continue;
      panicking = true;
      message = prefer(rule.message(call, match), message);
      if (rule.tracksCaller) location = readLocation(call) ?? location;
    }
  }
  if (!panicking) return undefined;
  return {
    language: "rust-panic",
    title: message ?? "a Rust panic",
    details: location === undefined ? [] : [`panicked at ${location}`],
  };
}

/** The older call knows less of formatting but is nearer to the source: it wins unless it knows nothing. */
function prefer(older: string | undefined, younger: string | undefined): string | undefined {
  if (older === undefined || younger === undefined) return older ?? younger;
  return younger.startsWith(older) ? younger : older;
}

function readLocation(call: RuntimeCall): string | undefined {
  const at = argument(call, call.parameters - 1);
  return at === undefined || at === 0 ? undefined : locationAt(call.machine, at);
}

/** `core::panic::Location`: pointer and length of the file's name, line, column. */
function locationAt(machine: Machine, at: number): string | undefined {
  const [file, length, line, column] = [0, 4, 8, 12].map((offset) => readU32(machine, at + offset));
  if (file === undefined || !length || !line || !column || line > 10_000_000 || column > 1_000_000)
    return undefined;
  const path = length > 4096 ? undefined : readText(machine, file, length);
  return path === undefined ? undefined : `${path}:${line}:${column}`;
}
