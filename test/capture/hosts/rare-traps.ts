/**
 * The traps of the specification that C's compilers do not bring about: tables, segments, atomics, exceptions, references
 * and objects. A module each, since not every engine knows all of them; offsets are counted by hand in the bodies.
 */
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";

export interface RareTrap {
  readonly module: Uint8Array<ArrayBuffer>;
  /** Offset of the trapping instruction in the body of function 0. */
  readonly offset: number;
}

const nothing = [0x60, 0, 0];
const structOfI32 = [0x5f, 1, 0x7f, 0];
const arrayOfI32 = [0x5e, 0x7f, 0];
const runs = vectorSection(7, [3, 0x72, 0x75, 0x6e, 0, 0]); // "run" is function 0
const table = vectorSection(4, [0x70, 0, 1]);
const memory = vectorSection(5, [0, 1]);

type Parts = Parameters<typeof moduleOf>;

/** A module of one function whose code follows its (absent) locals: offset 1 is the first instruction. */
function trap(
  code: readonly number[],
  offset: number,
  types: number[][],
  before: Parts,
  after: Parts = [],
): RareTrap {
  const bytes = moduleOf(
    vectorSection(1, nothing, ...types),
    vectorSection(3, [0]),
    ...before,
    runs,
    ...after.slice(0, 1),
    vectorSection(10, body(0, ...code, 0x0b)),
    ...after.slice(1),
  );
  return { module: new Uint8Array(bytes), offset };
}

export const rareTraps: Readonly<Record<string, RareTrap>> = {
  // i32.const 5, table.get 0, drop
  "table.get out of bounds": trap([0x41, 5, 0x25, 0, 0x1a], 3, [], [table]),
  // i32.const 5, i32.const 0, i32.const 1, table.init 0 0; a passive element segment
  "table.init out of bounds": trap(
    [0x41, 5, 0x41, 0, 0x41, 1, 0xfc, 12, 0, 0],
    7,
    [],
    [table],
    [vectorSection(9, [1, 0, 1, 0])],
  ),
  // i32.const 0, i32.const 5, i32.const 1, memory.init 0; a passive data segment of one byte and its count
  "memory.init out of bounds": trap(
    [0x41, 0, 0x41, 5, 0x41, 1, 0xfc, 8, 0, 0],
    7,
    [],
    [memory],
    [[12, 1, 1], vectorSection(11, [1, 1, 9])],
  ),
  // i32.const 1, i32.atomic.load, drop
  "an atomic access that is not aligned": trap([0x41, 1, 0xfe, 0x10, 2, 0, 0x1a], 3, [], [memory]),
  // i32.const 0, i32.const 0, i64.const 0, memory.atomic.wait32, drop
  "a wait on memory that is not shared": trap(
    [0x41, 0, 0x41, 0, 0x42, 0, 0xfe, 1, 2, 0, 0x1a],
    7,
    [],
    [memory],
  ),
  // ref.null 0, call_ref 0
  "a call of a null reference": trap([0xd0, 0, 0x14, 0], 3, [], []),
  // ref.null 1, struct.get 1 0, drop
  "a field of a null reference": trap([0xd0, 1, 0xfb, 2, 1, 0, 0x1a], 3, [structOfI32], []),
  // i32.const 2, array.new_default 1, i32.const 5, array.get 1, drop
  "an array's end": trap([0x41, 2, 0xfb, 7, 1, 0x41, 5, 0xfb, 11, 1, 0x1a], 8, [arrayOfI32], []),
  // ref.null any, ref.cast (ref 1), drop
  "a cast to another type": trap([0xd0, 0x6e, 0xfb, 22, 1, 0x1a], 3, [structOfI32], []),
};

/** throw 0: not a trap, and V8 gives such an exception no stack. */
export const thrownException = trap([0x08, 0], 1, [], [[13, 3, 1, 0, 0]]);

/** loop, call 0 (an import), br 0, end: runs until the host puts an end to it. */
export const endless: Uint8Array<ArrayBuffer> = new Uint8Array(
  moduleOf(
    vectorSection(1, nothing),
    vectorSection(2, [3, 0x65, 0x6e, 0x76, 4, 0x74, 0x69, 0x63, 0x6b, 0, 0]), // env.tick
    vectorSection(3, [0]),
    memory,
    vectorSection(7, [3, 0x72, 0x75, 0x6e, 0, 1], [6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0]),
    vectorSection(10, body(0, 0x03, 0x40, 0x10, 0, 0x0c, 0, 0x0b, 0x0b)),
  ),
);

/** The same without the call: only the engine can put an end to it. */
export const busy: Uint8Array<ArrayBuffer> = new Uint8Array(
  moduleOf(
    vectorSection(1, nothing),
    vectorSection(3, [0]),
    memory,
    vectorSection(7, [3, 0x72, 0x75, 0x6e, 0, 0], [6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0]),
    vectorSection(10, body(0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b)),
  ),
);
