/** What is recovered of a dump whose registers are taken away, beside what was recorded of them. */

import assert from "node:assert/strict";
import { MemorySource } from "../../../engine/bytes/source";
import type { CoreDump, CoreThread, RecordedValue } from "../../../engine/coredump/model";
import { readCoreDump } from "../../../engine/coredump/reader";
import { writeCoreDump } from "../../../engine/coredump/writer";
import type { Register } from "../../../engine/dwarf/machine";
import { fromBytes } from "../../../engine/dwarf/stack-value";
import { bitsOf, stackRecovery } from "../../../engine/postmortem/recovery/recorded";
import type { WasmModule } from "../../../engine/wasm/module";

/** The thread as producers leave it that record no registers. */
export const withoutRegisters = (thread: CoreThread): CoreThread => ({
  ...thread,
  frames: thread.frames.map((frame) => ({ ...frame, locals: [], stack: [] })),
});

/** The dump's bytes, without locals and operands. */
export function stripped(bytes: Uint8Array): Uint8Array {
  const dump = readCoreDump(new MemorySource("dump", bytes));
  return writeCoreDump({
    ...dump,
    threads: dump.threads.map(withoutRegisters),
    memories: dump.memories.map((memory) => {
      assert.ok(memory.gapsAreZero);
      const bytes = new Uint8Array(memory.size);
      for (const { start, length } of memory.ranges) bytes.set(memory.read(start, length), start);
      return { size: memory.size, parts: [{ start: 0, bytes }], memory64: memory.memory64 === true };
    }),
  });
}

export interface Score {
  exact: number;
  unknown: number;
  readonly wrong: string[];
}

function judge(
  truth: RecordedValue | undefined,
  got: Register | undefined,
  score: Score,
  what: string,
): void {
  const value = bitsOf(truth);
  if (value === undefined) return;
  if (got === undefined) score.unknown++;
  else if (got.type === value.type && fromBytes(got.bytes) === value.bits) score.exact++;
  else score.wrong.push(`${what}: ${fromBytes(got.bytes)}, not ${value.bits}`);
}

/**
 * Recovers every frame of a dump without its registers, and compares.
 * @param keeps whether a frame is in the stack; `count` is the number of all
 */
export function compareRegisters(
  dump: CoreDump,
  module: WasmModule,
  score: Score,
  name: string,
  keeps: (index: number, count: number) => boolean = () => true,
): void {
  for (const whole of dump.threads) {
    const thread = { ...whole, frames: whole.frames.filter((_, at, all) => keeps(at, all.length)) };
    const recovery = stackRecovery(dump, withoutRegisters(thread), () => module);
    thread.frames.forEach((frame, index) => {
      const where = `${name}, frame ${index}`;
      frame.locals.forEach((truth, local) => {
        judge(truth, recovery.local(index, local), score, `${where}, local ${local}`);
      });
      const height = recovery.operandCount(index) ?? 0;
      frame.stack.slice(0, height).forEach((truth, operand) => {
        judge(truth, recovery.operand(index, operand), score, `${where}, operand ${operand}`);
      });
    });
  }
}
