/** .debug_names: what clang lists is found without a look at the units, and nothing else. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { FormatError } from "../../engine/bytes/errors";
import { MemorySource } from "../../engine/bytes/source";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import { NameIndex } from "../../engine/dwarf/name-index";
import { dwarfSectionsOf } from "../../engine/dwarf/sections";
import { fromBytes } from "../../engine/dwarf/stack-value";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadModule } from "../fixtures/index";
import { DWARFDUMP, hasDwarfdump } from "../support/dwarfdump";

const sectionsOf = (name: string) =>
  dwarfSectionsOf(WasmModule.open(new MemorySource("module", loadModule(fixture(name)))));

/** llvm-dwarfdump's reading: offsets in .debug_info by name. */
function dumpedNames(): Map<string, number[]> {
  const { folder, module } = fixture("c-units/named");
  const path = join(__dirname, "../..", folder, module);
  const { stdout } = spawnSync(DWARFDUMP, ["--debug-names", path], { encoding: "utf8" });
  const names = new Map<string, number[]>();
  let unit = 0;
  let name = "";
  for (const line of stdout.split("\n")) {
    const cu = /CU\[0\]: (0x[0-9a-f]+)/.exec(line);
    const called = /String: 0x[0-9a-f]+ "(.*)"/.exec(line);
    const offset = /DW_IDX_die_offset: (0x[0-9a-f]+)/.exec(line);
    if (cu) unit = Number(cu[1]);
    if (called) name = called[1]!;
    if (offset) names.set(name, [...(names.get(name) ?? []), unit + Number(offset[1])]);
  }
  return names;
}

describe("the index of names", () => {
  it("gives for every name the entries that llvm-dwarfdump lists", function () {
    if (!hasDwarfdump) this.skip();
    const debug = openDebugInformation(sectionsOf("c-units/named"));
    const names = dumpedNames();
    assert.ok(names.size > 15);
    for (const [name, offsets] of names) {
      const found = debug.indexed(name);
      assert.deepEqual(found?.map(({ offset }) => offset).sort(), offsets.sort(), name);
      assert.ok(found?.every((entry) => entry.name === name));
    }
    assert.deepEqual(debug.indexed("nobody"), []);
    assert.deepEqual(debug.indexed("Settle"), [], "upper case has the same hash, and is another name");
    assert.equal(debug.indexed("größe"), undefined, "what cannot be looked up is not missing");
  });

  it("leads to a type that another unit describes without a survey of the program", () => {
    const debug = openDebugInformation(sectionsOf("c-units/named"));
    const [sealed] = debug.indexed("sealed") ?? [];
    assert.equal(sealed?.unit.name, "ledger.c");
    assert.ok(debug.counters.entries < 5, `${debug.counters.entries} entries`);
  });

  it("is none where it does not list every unit", () => {
    assert.equal(openDebugInformation(sectionsOf("c-units/mixed")).indexed("sealed"), undefined);
    const named = sectionsOf("c-units/named");
    const section = named.section(".debug_names")!;
    const first = 4 + Number(fromBytes(section.read(0, 4)));
    const half = new MemorySource(".debug_names", section.read(0, first));
    const debug = openDebugInformation({
      section: (name) => (name === ".debug_names" ? half : named.section(name)),
    });
    assert.equal(debug.indexed("account"), undefined);
  });

  it("ends in an answer, or in its damage told, whatever its bytes are", () => {
    const named = sectionsOf("c-units/named");
    const whole = named.section(".debug_names")!;
    const strings = named.section(".debug_str")!;
    fc.assert(
      fc.property(fc.nat(whole.size - 1), fc.nat(255), fc.nat(whole.size), (at, byte, size) => {
        const bytes = whole.read(0, whole.size).slice(0, size);
        if (at < size) bytes[at] = byte;
        const problems: FormatError[] = [];
        const debug = openDebugInformation({
          section: (name) => (name === ".debug_names" ? new MemorySource(name, bytes) : named.section(name)),
        });
        const index = NameIndex.read(new MemorySource(".debug_names", bytes), strings, (problem) =>
          problems.push(problem),
        );
        assert.equal(index === undefined, problems.length > 0);
        for (const name of ["sealed", "account", "int"]) debug.indexed(name);
      }),
      { numRuns: 300 },
    );
  });
});
