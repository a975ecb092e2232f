import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { address, bodyOffset, codeOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreDump, CoreFrame, RecordedValue } from "../../engine/coredump/model";
import type { Register } from "../../engine/dwarf/machine";
import { Missing } from "../../engine/dwarf/missing";
import { physicalFrames } from "../../engine/postmortem/frames";
import type { CrashModule, PhysicalFrame } from "../../engine/postmortem/model";
import { operandsAt } from "../../engine/postmortem/operands";
import { integer } from "../../engine/postmortem/reason/registers";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

const i32 = 0x7f;
const f32 = 0x7d;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, value];
const load = [0x28, 2, 0];
const store = [0x36, 2, 0];
const add = 0x6a;
const divide = 0x6d;
const callNothing = [0x10, 0];
/** Of two operands. */
const callOther = [0x10, 2];

interface State {
  readonly stack?: readonly number[];
  /** Of the two i32 locals; the third, an f32, is not recorded. */
  readonly locals?: readonly [number | undefined, number | undefined];
  /** Whether it stands below a frame of function 2. */
  readonly caller?: boolean;
  readonly shared?: boolean;
  readonly memory64?: boolean;
}

/** Global 0 is 7 and mutable, global 1 is 8 and is not; the byte at each address is the address. */
function frame(code: readonly number[], state: State = {}): PhysicalFrame {
  const limits = (state.shared ? 3 : 1) | (state.memory64 ? 4 : 0);
  const wasm = WasmModule.open(
    new MemorySource(
      "test",
      moduleOf(
        vectorSection(1, [0x60, 0, 0], [0x60, 3, i32, i32, f32, 0], [0x60, 2, i32, i32, 0]),
        vectorSection(3, [0], [1], [2]),
        vectorSection(5, [limits, 1, 1]),
        vectorSection(6, [i32, 1, 0x41, 0, 0x0b], [i32, 0, 0x41, 8, 0x0b]),
        vectorSection(10, body(0, 0x0b), body(0, ...code, 0x0b), body(0, 0x00, 0x0b)),
      ),
    ),
  );
  const recorded = (value: number | undefined): RecordedValue =>
    value === undefined ? { type: "missing" } : { type: "i32", value };
  const core: CoreFrame = {
    instance: 0,
    functionIndex: functionIndex(1),
    offset: [...FunctionCode.of(wasm, functionIndex(1))!.instructions()].at(-2)!.offset,
    locals: [...(state.locals ?? [undefined, undefined]).map(recorded), recorded(undefined)],
    stack: (state.stack ?? []).map(recorded),
  };
  const callee: CoreFrame = {
    instance: 0,
    functionIndex: functionIndex(2),
    offset: bodyOffset(1),
    locals: [],
    stack: [],
  };
  const thread = { name: "main", frames: state.caller ? [callee, core] : [core] };
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const dump = {
    threads: [thread],
    instances: [{ module: 0, memories: [0], globals: [0, 1] }],
    memories: [
      {
        size: bytes.length,
        ranges: [{ start: address(0), length: bytes.length }],
        gapsAreZero: false,
        read: (at: number, length: number) => bytes.slice(at, at + length),
      },
    ],
    globals: [recorded(7), recorded(8)],
    notes: {},
    dialect: { name: "test", why: "" },
  } as unknown as CoreDump;
  return physicalFrames(dump, thread, () => ({ wasm }) as CrashModule).at(-1)!;
}

function operands(code: readonly number[], state?: State): (number | undefined)[] {
  return operandsAt(frame(code, state)).map((register) => {
    assert.ok(!(register instanceof Missing));
    const value = integer(register, true);
    return value === undefined ? undefined : Number(value);
  });
}

describe("operands of the instruction where a frame stands", () => {
  it("are those recorded, where the stack is as high as before the instruction", () => {
    assert.deepEqual(operands([...constant(1), ...get(0), ...get(1), divide], { stack: [1, 5, 6] }), [5, 6]);
  });

  it("are not taken from what lies below them, where the producer has popped them", () => {
    const code = [...constant(1), ...get(0), ...get(1), divide];
    assert.deepEqual(operands(code, { stack: [1], locals: [42, 0] }), [42, 0]);
    assert.deepEqual(operands(code, { stack: [1] }), [undefined, undefined]);
    assert.deepEqual(operands(code, { locals: [42, 0] }), [42, 0]);
  });

  it("are unknown where the recorded stack is not of this code", () => {
    const code = [...constant(1), ...constant(2), ...constant(3), divide];
    assert.deepEqual(operands(code, { stack: [1, 2] }), [undefined, undefined]);
    assert.deepEqual(operands(code, { stack: [1, 2, 3, 4] }), [undefined, undefined]);
  });

  it("are unknown where a local was assigned after it was read, and known where it was before", () => {
    const state: State = { locals: [42, 5] };
    const reassigned = [...get(0), ...constant(42), ...set(0), ...get(0), divide];
    assert.deepEqual(operands(reassigned, state), [undefined, 42]);
    assert.deepEqual(
      operands([...get(1), ...constant(2), add, ...tee(1), ...constant(1), divide], state),
      [5, 1],
    );
  });

  it("are known through locals that were not recorded", () => {
    assert.deepEqual(operands([...constant(3), ...set(0), ...get(0), ...get(0), divide]), [3, 3]);
  });

  it("are what the record says where the code says otherwise", () => {
    const code = [...constant(3), ...set(0), ...get(0), ...constant(1), divide];
    assert.deepEqual(operands(code, { locals: [4, 0] }), [4, 1]);
  });

  it("come from memory that nothing has written since", () => {
    const loaded = 0x13121110;
    const read = [...constant(16), ...load];
    const write = [...constant(8), 0x41, 0x88, 0x92, 0xa8, 0xd8, 0x0, ...store];
    const writeSomewhere = [...get(0), ...constant(8), ...store];
    assert.deepEqual(operands([...write, ...read, ...constant(1), divide]), [loaded, 1]);
    assert.deepEqual(operands([...read, ...write, ...constant(1), divide]), [loaded, 1]);
    assert.deepEqual(operands([...read, ...writeSomewhere, ...constant(1), divide]), [undefined, 1]);
    assert.deepEqual(operands([...read, ...callNothing, ...constant(1), divide]), [undefined, 1]);
    assert.deepEqual(operands([...read, ...constant(1), divide], { shared: true }), [undefined, 1]);
    assert.deepEqual(operands([...constant(63), 0x2c, 0, 0, ...constant(1), divide]), [63, 1]);
  });

  it("are extended as the load extends them", () => {
    const high = [0x41, 0xc8, 0x01]; // 200
    assert.deepEqual(operands([...high, 0x2c, 0, 0, ...high, 0x2d, 0, 0, divide]), [200 - 256, 200]);
  });

  it("come from globals that nothing has set since, and from constant ones always", () => {
    const globals = [0x23, 0, 0x23, 1];
    assert.deepEqual(operands([...globals, divide]), [7, 8]);
    assert.deepEqual(operands([...globals, ...constant(7), 0x24, 0, divide]), [undefined, 8]);
    assert.deepEqual(operands([...globals, ...callNothing, divide]), [undefined, 8]);
  });

  it("do not take memory and globals of now for what a caller saw then", () => {
    const code = [0x23, 0, ...constant(16), ...load, ...callOther];
    assert.deepEqual(operands(code, { caller: true }), [undefined, undefined]);
    assert.deepEqual(operands([...get(0), 0x23, 1, ...callOther], { caller: true, locals: [4, 5] }), [4, 8]);
  });

  it("are known whichever way execution came, unless the ways bring different values", () => {
    const merged = [...constant(1), 0x02, 0x40, ...get(0), 0x0d, 0, 0x0b, ...constant(2), divide];
    assert.deepEqual(operands(merged, { locals: [0, 0] }), [1, 2]);
    const loop = [...constant(1), 0x03, 0x40, 0x0b, ...constant(2), divide];
    assert.deepEqual(operands(loop), [1, 2]);
    const different = [
      ...get(0),
      0x04,
      i32,
      ...constant(1),
      0x05,
      ...constant(3),
      0x0b,
      ...constant(2),
      divide,
    ];
    assert.deepEqual(operands(different, { locals: [0, 0] }), [undefined, 2]);
    const straight = [...constant(1), ...get(0), 0x0d, 0, ...constant(2), divide];
    assert.deepEqual(operands(straight, { locals: [0, 0] }), [1, 2]);
  });

  it("are selected where the condition is known", () => {
    const choose = [...constant(1), ...constant(2), ...get(0), 0x1b, ...constant(3), divide];
    assert.deepEqual(operands(choose, { locals: [0, 0] }), [2, 3]);
    assert.deepEqual(operands(choose, { locals: [9, 0] }), [1, 3]);
    assert.deepEqual(operands(choose), [undefined, 3]);
  });

  it("are not read from registers where V8 has put other values into them", () => {
    const state: State = { locals: [1, 2] };
    const fill = [0xfc, 11, 0];
    assert.deepEqual(operands([...get(0), ...constant(9), ...get(1), ...fill], state), [
      undefined,
      9,
      undefined,
    ]);
    const atomicStore = [0xfe, 0x17, 2, 0];
    const stored = [...get(0), ...constant(9), ...atomicStore];
    assert.deepEqual(operands(stored, { ...state, stack: [1, 9] }), [undefined, 9]);
    assert.deepEqual(operands([...get(0), ...load], { ...state, memory64: true }), [undefined]);
    assert.deepEqual(operands([...get(0), ...load], state), [1]);
  });
});

describe("operands that variables lie in", () => {
  const number = (register: Register | Missing) =>
    register instanceof Missing ? register.reason : Number(integer(register, true));

  it("are those that a call takes, where the producer has popped them; not at a trap", () => {
    const code = [...constant(1), ...get(0), ...get(1)];
    const state = { stack: [1], locals: [42, 0] } as const;
    const { machine } = frame([...code, ...callOther], { ...state, caller: true });
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => number(machine.operand(index))),
      [1, 42, 0, "operand-not-recorded"],
    );
    assert.equal(number(frame([...code, divide], state).machine.operand(1)), "operand-not-recorded");
  });

  it("are others as soon as the code has popped them", () => {
    const drop = 0x1a;
    const { machine } = frame([...constant(5), drop, ...constant(6), ...constant(7), divide]);
    const popped = (index: number, bytesBefore: number) =>
      machine.operandPoppedSince?.(index, codeOffset(machine.pc - bytesBefore));
    assert.equal(popped(0, 5), true); // since `drop`, which takes 5
    assert.equal(popped(0, 2), false); // since 6 was pushed
    assert.equal(popped(1, 2), true); // where 7 has not been pushed yet
    assert.equal(popped(1, 0), false);
    const sum = frame([...constant(5), ...constant(1), add, ...constant(7), divide]).machine;
    // `add` takes 5, and leaves its result in the same place.
    assert.equal(sum.operandPoppedSince?.(0, codeOffset(sum.pc - 5)), true);
    assert.equal(sum.operandPoppedSince?.(0, codeOffset(sum.pc - 2)), false);
  });
});
