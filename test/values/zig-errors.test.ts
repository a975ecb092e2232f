/** Names of Zig's errors: taken from the module's table, and from nothing that could be another array. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { isTyped } from "../../engine/expressions/typed";
import { openCrash } from "../../engine/postmortem/crash";
import type { InitialData, TypedValue, World } from "../../engine/values/presentation";
import { errorNames } from "../../engine/values/zig/error-names";
import { fixture, loadDump, loadModule } from "../fixtures";

/** An error of a crash that is opened anew: what was found is kept with its debug information. */
function anyError(): TypedValue {
  const of = fixture("zig-shapes-debug");
  const module = { path: of.module, source: new MemorySource(of.module, loadModule(of)) };
  const crash = openCrash({ dump: new MemorySource(of.dump, loadDump(of)), main: { module } });
  const frame = crash.threads[0]!.frames().find(({ name }) => /\bchoices$/.test(name));
  assert.ok(frame);
  const value = evaluateInFrame("any", frame);
  assert.ok(isTyped(value));
  return value;
}

function namesWith(data: (own: readonly InitialData[]) => readonly InitialData[] | undefined) {
  const { type, world } = anyError();
  const unit = type.entry?.unit;
  assert.ok(unit);
  const own = world.frame.initialData?.() ?? [];
  const given = data(own);
  const frame = { ...world.frame, ...(given ? { initialData: () => given } : { initialData: () => [] }) };
  return errorNames(unit, { ...world, frame } as World);
}

/** The same segments with one byte changed. */
const changed = (own: readonly InitialData[], place: number, byte: number): readonly InitialData[] =>
  own.map((segment) => {
    if (place < segment.address || place >= segment.address + segment.size) return segment;
    const bytes = segment.bytes().slice();
    bytes[place - segment.address] = byte;
    return { ...segment, bytes: () => bytes };
  });

/** Address of the slice of the first name, as it lies in the module. */
const FIRST = 0x1006c4;

describe("names of Zig's errors", () => {
  it("stand by their numbers, none by 0", () => {
    const names = namesWith((own) => own);
    // The order in which the compiler met them: those of the program's own sets first.
    assert.deepEqual(names?.slice(0, 5), [undefined, "Empty", "Overflow", "NotFound", "Denied"]);
  });

  it("are unknown where the module has no such table, or two of them", () => {
    assert.equal(
      namesWith(() => undefined),
      undefined,
    );
    assert.equal(
      namesWith((own) => [
        ...own,
        ...own.map((segment) => ({ ...segment, address: segment.address + 2 ** 24 })),
      ]),
      undefined,
    );
  });

  it("are not taken from an array without an empty first entry, or without a name that the types have", () => {
    assert.equal(
      namesWith((own) => changed(own, FIRST - 4, 1)),
      undefined,
    );
    // One letter less: "Empt" is none of the error sets' names, and has no NUL behind it.
    assert.equal(
      namesWith((own) => changed(own, FIRST + 4, 4)),
      undefined,
    );
  });
});
