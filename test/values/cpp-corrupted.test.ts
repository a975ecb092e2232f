/**
 * Containers whose bytes are not what the library left there: not initialised yet, destroyed, overwritten. They
 * say so, and keep their bare members; none shows elements that it does not have, and none keeps a reader waiting.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { type Address, address } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { Machine } from "../../engine/dwarf/machine";
import { Missing, missing } from "../../engine/dwarf/missing";
import { openCrash } from "../../engine/postmortem/crash";
import type { Value } from "../../engine/values/model";
import type { TypedValue } from "../../engine/values/presentation";
import { Storage } from "../../engine/values/storage";
import { fixture, loadDump, loadModule } from "../fixtures/index";

type Patches = ReadonlyMap<number, number>;

/** A machine whose memory has other words at some addresses. */
function patched(machine: Machine, words: Patches): Machine {
  const bytes = new Map<number, number>();
  for (const [at, word] of words) for (let i = 0; i < 4; i++) bytes.set(at + i, (word >>> (8 * i)) & 0xff);
  return Object.assign(Object.create(machine) as Machine, {
    memory(at: Address, length: number) {
      const read = machine.memory(at, length);
      return read instanceof Missing ? read : read.map((byte, i) => bytes.get(at + i) ?? byte);
    },
  });
}

const real = fixture("cpp-containers");
const crash = openCrash({
  dump: new MemorySource(real.dump, loadDump(real)),
  main: { module: { source: new MemorySource(real.module, loadModule(real)), path: real.module } },
});
const variables = new Map<string, TypedValue>();
for (const frame of crash.threads[0]!.frames())
  for (const scope of frame.scopes())
    if (scope.kind === "locals" || scope.kind === "arguments")
      for (const { name, value } of scope.variables()) variables.set(name, value as TypedValue);

function variable(name: string): TypedValue {
  const found = variables.get(name);
  assert.ok(found, name);
  return found;
}

/** The word at an address of the dump. */
function word(at: number): number {
  const bytes = variable("numbers").storage.machine.memory(address(at), 4);
  assert.ok(!(bytes instanceof Missing));
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

const withWords = ({ type, storage, world }: TypedValue, words: Patches): Value =>
  world.value(type, new Storage(storage.place, patched(storage.machine, words)));

/** The variable with other words at these distances from its start. */
function damaged(name: string, words: Readonly<Record<number, number>>): Value {
  const whole = variable(name);
  const start = whole.address!;
  return withWords(whole, new Map(Object.entries(words).map(([at, value]) => [start + Number(at), value])));
}

function assertInconsistent(value: Value, detail: RegExp): void {
  assert.equal(value.missing?.reason, "inconsistent", value.text());
  assert.match(value.missing.detail ?? "", detail);
  assert.deepEqual(
    value.children?.named().map(({ name }) => name),
    ["[raw]"],
  );
}

describe("corrupted containers of C++", () => {
  it("say that a vector's end lies before its begin", () => {
    assertInconsistent(damaged("numbers", { 4: word(variable("numbers").address!) - 4 }), /end lies before/);
  });

  it("say that a vector, a string or bits would reach beyond memory", () => {
    assertInconsistent(
      damaged("numbers", { 4: 0x7ffffff0, 8: 0x7ffffff0 }),
      /not all in memory|before its begin/,
    );
    assertInconsistent(damaged("large", { 4: 0x7fffffff }), /not all in memory/);
    assertInconsistent(damaged("flags", { 4: 0x7fffffff }), /not all in memory/);
  });

  it("say that a string is longer than it has room for, or has more room than there is memory", () => {
    const text = variable("large").text();
    const [size, room] = [word(variable("large").address! + 4), word(variable("large").address! + 8)];
    const mark = 0x80000000;
    const capacity = room - mark;
    assert.ok(size < capacity, `${size} characters with room for ${capacity - 1}`);
    assertInconsistent(damaged("large", { 4: capacity }), /characters in a string with room for/);
    assertInconsistent(damaged("large", { 8: mark + size }), /characters in a string with room for/);
    assertInconsistent(damaged("large", { 8: mark + 0x7ffffff0 }), /not all in memory/);
    assert.equal(damaged("large", { 8: mark + size + 1 }).text(), text);
  });

  it("say that a tree or a list is none when its first node lies outside of memory", () => {
    assertInconsistent(damaged("ages", { 4: 0x7ffffff0 }), /0x7ffffff/);
    assertInconsistent(damaged("chain", { 4: 0x7ffffff0 }), /0x7ffffff/);
  });

  it("say that a deque has more elements than its blocks have room for", () => {
    const queue = variable("queue");
    const start = [0, 4, 8, 12, 16, 20].find((at) => word(queue.address! + at) === 1023)!;
    assertInconsistent(damaged("queue", { [start + 4]: 100_000 }), /100000 elements with room for/);
  });

  it("cut a list that runs in a circle", () => {
    const first = word(variable("long_chain").address! + 4);
    assertInconsistent(withWords(variable("long_chain"), new Map([[first + 4, first]])), /circle/);
  });

  it("say that a list or a tree has fewer nodes than it counts", () => {
    assertInconsistent(damaged("chain", { 8: 5 }), /only 3 elements/);
    assertInconsistent(damaged("ages", { 8: 5 }), /only 3 elements/);
  });

  it("say that a list or a tree has nodes though it counts none: optimised code may have lost its links alone", () => {
    for (const name of ["chain", "ages"])
      assertInconsistent(damaged(name, { 8: 0 }), /more elements are linked than it counts/);
    const { type, storage, world } = variable("chain");
    const pieces = [
      { place: missing("optimized-out"), bitSize: 64, bitOffset: 0 },
      {
        place: { kind: "value", bytes: new Uint8Array(4), provenance: "computed" },
        bitSize: 32,
        bitOffset: 0,
      },
    ] as const;
    const lost = world.value(type, new Storage({ kind: "composite", pieces }, storage.machine));
    assert.equal(lost.missing?.reason, "optimized-out", lost.text());
  });

  it("cut a tree that runs in a circle", () => {
    const root = word(variable("ages").address! + 4);
    assertInconsistent(withWords(variable("ages"), new Map([[root, root]])), /deeper than|circle/);
  });

  it("count nobody who shares where the counts are none: optimised code may never have filled them in", () => {
    const block = word(variable("shared").address! + 4);
    assert.match(variable("shared").text(), /^0x\w+ → 64 \(strong 2, weak 1\)$/);
    assert.match(withWords(variable("shared"), new Map([[block, block]])).text(), /^0x\w+ → 64$/);
  });

  it("show what a pointer's declaration says once the object's vtable is gone", () => {
    const pet = variable("second_pet");
    assert.match(pet.text(), /\(zoo::Bird\)/);
    const gone = withWords(pet, new Map([[pet.target!, 0]]));
    assert.match(gone.text(), /^0x[0-9a-f]+ \{legs: 2\}$/);
  });

  it("never fail and never hang, whatever is overwritten", () => {
    const names = [...variables.keys()].filter((name) => variables.get(name)!.address !== undefined);
    const places = fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 0x2c00 }));
    const values = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffffffff }));
    const started = Date.now();
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.tuple(places, values), { maxLength: 6 }),
        (name, words) => {
          const whole = variable(name);
          const at = (place: number) => (place < 16 ? whole.address! + 4 * place : 0x5000 + 4 * place);
          const value = withWords(whole, new Map(words.map(([place, word]) => [at(place), word])));
          assert.equal(typeof value.text(), "string");
          for (const child of value.children?.named() ?? []) child.value.text();
          const count = value.children?.indexedCount ?? 0;
          for (const child of value.children?.indexed(Math.max(0, count - 3), 3) ?? []) child.value.text();
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(Date.now() - started < 20_000);
  }).timeout(30_000);
});
