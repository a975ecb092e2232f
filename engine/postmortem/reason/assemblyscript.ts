/**
 * AssemblyScript's `abort(message, file, line, column)`, which its host provides and every failed assertion,
 * `throw` and runtime check ends in. Strings are UTF-16; their length in bytes stands in the runtime's header,
 * 4 bytes before the pointer (rtSize).
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { readU32 } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason } from "./runtime-call";

/** Text longer than this, in bytes, is no message. */
const LONGEST = 64 * 1024;

/** @param calls youngest first; undefined when none is AssemblyScript's abort */
export function findAssemblyScriptAbort(calls: readonly RuntimeCall[]): RuntimeReason | undefined {
  const call = calls.find(
    ({ name, parameters }) => /^(abort|~lib\/builtins\/abort)$/.test(name) && parameters === 4,
  );
  if (call === undefined) return undefined;
  const [message, file, line, column] = [0, 1, 2, 3].map((index) => argumentOf(call, index));
  const path = file === undefined ? undefined : readString(call.machine, file);
  // C's abort has no arguments, but a host function of this name may have any: only a place makes it this one.
  if (path === undefined || !line || !column) return undefined;
  const text = message === undefined ? undefined : readString(call.machine, message);
  return {
    language: "assemblyscript-abort",
    title: text === undefined || text === "" ? "abort() was called" : text,
    details: [`at ${path}:${line}:${column}`],
  };
}

/** A managed string; undefined when there is none at the address. */
function readString(machine: Machine, at: number): string | undefined {
  const length = at < 4 ? undefined : readU32(machine, at - 4);
  if (length === undefined || length % 2 !== 0 || length > LONGEST) return undefined;
  const bytes = machine.memory(address(at), length);
  if (bytes instanceof Missing) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let offset = 0; offset < length; offset += 2)
    text += String.fromCharCode(view.getUint16(offset, true));
  return text;
}
