/**
 * `wasm-postmortem/instrumented`: the host's side of modules that `wasm-postmortem instrument` made (docs/INSTRUMENT.md).
 * What such a module calls while an exception leaves its functions, and the way from its code to the code that it was
 * made of (engine/rewrite/instrument/contract.ts).
 */
import { hostFunctions, importModule } from "../../engine/rewrite/instrument/contract";
import { mapSection, mapVersion } from "../../engine/wasm/code-map-format";
import { type Bytes, sleb, uleb as ulebBytes } from "./encoding";
import { type FrameSource, frameSources } from "./frame-source";
import { buildIdOf, customSection, uleb } from "./module-file";
import { isObject, keepWholeStacks, type PrintedFrame } from "./stack";

/** What a function's handler told of its frame. */
interface Recorded {
  readonly module: WebAssembly.Module;
  /** The function's index in the original module. */
  readonly index: number;
  /** As they are in a dump, when they are asked for: most exceptions are caught, and nobody asks. */
  readonly values: (() => Bytes)[];
}

/** Frames that exceptions left, in the order in which they did. */
interface Recording {
  frames: Recorded[];
  /** Whether it began with the error that it is of. Otherwise the error's frames are the last ones. */
  readonly isWhole: boolean;
}

/** Frames that are kept of exceptions which nobody asks about. */
const MOST_FRAMES = 4096;

let current: Recording = { frames: [], isWhole: false };
const recordings = new WeakMap<object, Recording>();

/** The modules that imports were made for. */
const instrumentedModules = new Set<WebAssembly.Module>();

/**
 * What an instrumented module imports besides the program's own: `{ ...imports, ...instrumentation(module) }`. Nothing
 * for a module that is not instrumented. Each instance may have its own, or several the same.
 */
export function instrumentation(module: WebAssembly.Module): Record<string, object> {
  const names = WebAssembly.Module.imports(module)
    .filter((wanted) => wanted.module === importModule)
    .map(({ name }) => name);
  if (names.length === 0) return {};
  keepWholeStacks();
  instrumentedModules.add(module);
  frameSources[0] = originalFrames;
  let pending: unknown;
  const value = (bytes: () => Bytes) => current.frames.at(-1)?.values.push(bytes);
  const known: Record<string, (value: never) => unknown> = {
    [hostFunctions.frame](index: number) {
      if (current.frames.length >= MOST_FRAMES) current = { frames: [], isWhole: false };
      current.frames.push({ module, index, values: [] });
    },
    [hostFunctions.i32]: (bits: number) => value(() => [0x7f, ...sleb(bits)]),
    [hostFunctions.i64]: (bits: bigint) => value(() => [0x7e, ...sleb(bits)]),
    [hostFunctions.f32]: (bits: number) => value(() => [0x7d, ...littleEndian(BigInt(bits), 4)]),
    [hostFunctions.f64]: (bits: bigint) => value(() => [0x7c, ...littleEndian(bits, 8)]),
    [hostFunctions.throw]() {
      throw pending;
    },
    // An engine knows its own traps, and lets no module catch them, wherever they come by: this becomes one.
    [hostFunctions.uncatchable](trap: () => void) {
      try {
        trap();
      } catch (error) {
        const { message, stack } = pending as Error;
        Object.assign(error as Error, { message, stack });
        recordings.set(error as Error, recordings.get(pending as Error)!);
        throw error;
      }
    },
  };
  const returns = names.includes(hostFunctions.throw) || names.includes(hostFunctions.uncatchable);
  const trap = (message: string) => {
    const raise = () => {
      const error = new WebAssembly.RuntimeError(message);
      // The stack begins where the trap would have been.
      (Error as { captureStackTrace?: (error: object, below: unknown) => void }).captureStackTrace?.(
        error,
        raise,
      );
      pending = error;
      current = { frames: [], isWhole: true };
      recordings.set(error, current);
      if (!returns) throw error;
    };
    return raise;
  };
  return { [importModule]: Object.fromEntries(names.map((name) => [name, known[name] ?? trap(name)])) };
}

const littleEndian = (bits: bigint, length: number): number[] =>
  Array.from({ length }, (_, byte) => Number((bits >> BigInt(8 * byte)) & 0xffn));

/** What was recorded for an error, kept for it from now on. */
function claimRecording(error: unknown): Recording | undefined {
  if (!isObject(error)) return undefined;
  let recording = recordings.get(error) ?? recordings.get(Object(memberOf(error, "cause")));
  if (!recording) recordings.set(error, (recording = { ...current, isWhole: false }));
  if (recording.frames === current.frames) current = { frames: [], isWhole: false };
  return recording;
}

/** A member of an error; undefined where it throws when it is read. */
function memberOf(error: unknown, member: "cause" | "name"): unknown {
  try {
    return (error as Error)[member];
  } catch {
    return undefined;
  }
}

/** Errors that no handler sees: traps, and a stack that is full. */
const UNSEEN = ["RuntimeError", "RangeError", "InternalError"];

const isUnseen = (error: unknown): boolean => UNSEEN.some((name) => memberOf(error, "name") === name);

/** Whether both are one module, which may have been compiled twice. */
function isSame(one: WebAssembly.Module, other: WebAssembly.Module): boolean {
  const id = buildIdOf({ module: one });
  return one === other || (id !== undefined && id === buildIdOf({ module: other }));
}

/** The value that a dump has for what is not known. */
const MISSING: Bytes = [1];

/** The frames of instrumented modules as the original modules have them. */
const originalFrames: FrameSource = (error, frames, owners) => {
  const placesIn = (module: WebAssembly.Module) => {
    const map = readMap(module);
    return frames.map((frame) => ({ module, ...placeIn(map, frame) }));
  };
  const possible = new Set(owners.map((owner) => owner.module));
  const candidates = [...instrumentedModules].filter(
    (module) => possible.has(undefined) || possible.has(module),
  );
  const all = new Map(candidates.map((module) => [module, placesIn(module)]));
  const { frames: recorded, isWhole } = claimRecording(error) ?? current;
  const places = frames.map((frame, at) => {
    // Of an instance that is not known, the module is the one whose functions are where the frames stand.
    const fitting = [...all].filter(
      ([module, own]) =>
        (owners[at]!.module ?? module) === module &&
        frames.every((other, i) => other.module !== frame.module || own[i]!.code || own[i]!.isAdded),
    );
    const told = fitting.filter(([module]) => recorded.some((one) => one.module === module));
    const [first, ...others] = isWhole && told.length > 0 ? told : fitting;
    const isOne = others.every(([module]) => isSame(module, first![0]));
    return first && (isOne ? first[1][at]! : null);
  });
  const handled = places.filter((place) => place?.code?.locals.length);
  const isOwn = (at: number) =>
    recorded[at]?.index === handled[at]!.index && isSame(recorded[at]!.module, handled[at]!.module);
  let matching = 0;
  while (matching < handled.length && isOwn(matching)) matching++;
  // Of a trap that was thrown in its place these are the frames that it has left so far. Of another error nothing says
  // so: all there are must be its own. And traps that were not checked have left none.
  const isAll = matching === handled.length && matching === recorded.length;
  if (!isWhole && (!isAll || isUnseen(error))) matching = 0;
  return places.map((place) => {
    if (!place?.code) return place === undefined ? undefined : null;
    const { module, index, offset } = place;
    const { locals, operands } = place.code;
    const values = recorded[handled.indexOf(place)]?.values;
    if (!values || handled.indexOf(place) >= matching)
      return { module, index, offset, locals: [], stack: [] };
    let next = 0;
    let site = 0;
    const told = locals.flatMap((set) =>
      Array.from({ length: 7 }, (_, bit) => ((set >> bit) & 1 ? values[next++]!() : MISSING)),
    );
    return {
      module,
      index,
      offset,
      locals: told.slice(0, told.findLastIndex((value) => value !== MISSING) + 1),
      stack: (operands.find(([delta]) => (site += delta) === offset)?.[1] ?? []).map(
        (value) => values[next + value - 1]?.() ?? MISSING,
      ),
    };
  });
};

interface FunctionMap {
  /** File offset of the instrumented body. */
  readonly start: number;
  readonly size: number;
  readonly edits: readonly (readonly [copied: number, inserted: number])[];
  readonly locals: readonly number[];
  readonly operands: readonly (readonly [delta: number, values: readonly number[]])[];
}

interface CodeMap {
  readonly imported: number;
  readonly added: number;
  readonly functions: readonly FunctionMap[];
}

/** The map that an instrumented module carries. */
function readMap(module: WebAssembly.Module): CodeMap {
  const section = customSection({ module }, mapSection) ?? new Uint8Array(4);
  let at = 0;
  const number = () => {
    const [value, next] = uleb(section, at);
    at = next;
    return value;
  };
  const list = <T>(read: () => T) => Array.from({ length: number() }, read);
  const isKnown = number() === mapVersion;
  const imported = number();
  const added = number();
  let end = number();
  const functions: FunctionMap[] = [];
  while (isKnown && at < section.length) {
    const size = number();
    const edits = list(() => [number(), number()] as const);
    const start = end + ulebBytes(size).length;
    end = start + size;
    const locals = list(number);
    functions.push({ start, size, edits, locals, operands: list(() => [number(), list(number)] as const) });
  }
  return { imported, added, functions };
}

/** Where a frame stands in the original; without `code` when it is not a function of this module's there. */
function placeIn({ imported, added, functions }: CodeMap, { index: given, offset }: PrintedFrame) {
  const index = given - added;
  let code = functions[index - imported];
  const isAdded = functions.length > 0 && index - imported >= functions.length;
  if (!code || offset === undefined) return { index, offset, code, isAdded };
  let left = offset - code.start;
  if (left < 0 || left >= code.size) code = undefined;
  let original = 0;
  for (const [copied, inserted] of code?.edits ?? []) {
    if (left < copied) break;
    original += copied;
    left = Math.max(0, left - copied - inserted);
  }
  return { index, offset: original + left, code, isAdded };
}
