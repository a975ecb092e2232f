/**
 * Every unit, entry, attribute, range, location and line row of real modules, as llvm-dwarfdump reads them.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { before, describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { DW_TAG } from "../../engine/dwarf/constants";
import { type DwarfDebugInformation, openDebugInformation } from "../../engine/dwarf/dwarf";
import { dwarfSectionsOf } from "../../engine/dwarf/sections";
import { WasmModule } from "../../engine/wasm/module";
import { fixtures, loadModule, modulePath } from "../fixtures";
import { type DumpedEntry, dumpEntries, dumpLines, hasDwarfdump } from "../support/dwarfdump";
import { compareEntries, compareLines } from "./compare";
import { dwarfModules } from "./modules";

const modules = [
  ...dwarfModules,
  ...fixtures.map((fixture) => ({
    name: fixture.name,
    path: modulePath(fixture),
    bytes: () => loadModule(fixture),
  })),
].filter((module, index, all) => all.findIndex((other) => other.path === module.path) === index);

/** Low pc and high pc of the subprograms that the dump shows with code in one piece. */
function subprogramsOf(entries: readonly DumpedEntry[]) {
  const found: { offset: number; low: number; high: number }[] = [];
  for (const { tag, section, offset, attributes } of entries) {
    if (tag !== "DW_TAG_subprogram" || section !== ".debug_info") continue;
    const numberOf = (name: string) => Number(attributes.find((attribute) => attribute.name === name)?.value);
    const [low, high] = [numberOf("DW_AT_low_pc"), numberOf("DW_AT_high_pc")];
    if (low > 0 && high > low) found.push({ offset, low, high });
  }
  return found;
}

describe("Compared with llvm-dwarfdump", () => {
  for (const { name, path, bytes } of modules) {
    describe(name, () => {
      const open = (): { info: DwarfDebugInformation; typesStart: number } => {
        const sections = dwarfSectionsOf(WasmModule.open(new MemorySource(name, bytes())));
        return {
          info: openDebugInformation(sections),
          typesStart: sections.section(".debug_info")?.size ?? 0,
        };
      };

      before(function () {
        assert.ok(existsSync(path), `${path} is checked in`);
        if (!hasDwarfdump) this.skip();
      });

      it("has the same entries with the same attributes", function () {
        this.timeout(120_000);
        const { info, typesStart } = open();
        compareEntries(info, dumpEntries(path), typesStart);
        assert.deepEqual(info.problems, []);
      });

      it("has the same line rows and files", function () {
        this.timeout(120_000);
        const { info } = open();
        assert.ok(compareLines(info, dumpLines(path)) > 0);
        assert.deepEqual(info.problems, []);
      });

      it("finds every function by its first and last byte, and reads one unit for it", () => {
        const subprograms = subprogramsOf(dumpEntries(path));
        assert.ok(subprograms.length > 0);
        const { info } = open();
        for (const { low, high } of subprograms) {
          // What several units compiled from a header, and the linker kept once, each of them describes.
          const same = subprograms.filter((other) => other.low === low && other.high === high);
          for (const pc of [low, high - 1]) {
            const found = info.unitAt(codeOffset(pc))?.subprogramAt(codeOffset(pc));
            assert.ok(
              same.some(({ offset }) => offset === found?.offset),
              `0x${pc.toString(16)}`,
            );
            assert.equal(found?.tag, DW_TAG.subprogram);
          }
        }
        const alone = open().info;
        const pc = codeOffset(subprograms.at(-1)!.low);
        assert.ok(alone.unitAt(pc)?.subprogramAt(pc)?.name);
        assert.equal(alone.counters.units, 1);
        assert.equal(alone.counters.linePrograms, 0);
      });
    });
  }
});
