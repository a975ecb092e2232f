/**
 * Damaged debug information: whatever the bytes, each question ends soon, in an answer or in a FormatError.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { attempt, FormatError } from "../../engine/bytes/errors";
import { codeOffset, sectionOffset } from "../../engine/bytes/offsets";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { DW_AT } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { DwarfEntry } from "../../engine/dwarf/entries";
import type { DwarfSections } from "../../engine/dwarf/sections";
import { WasmModule } from "../../engine/wasm/module";
import { dwarfModules } from "./modules";

const SECTIONS = [
  ...["info", "types", "abbrev", "line", "str", "line_str", "str_offsets", "addr"],
  ...["ranges", "rnglists", "loc", "loclists", "aranges"],
].map((name) => `.debug_${name}`);

function sectionsOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const module = WasmModule.open(new MemorySource("module", bytes));
  const sections = new Map<string, Uint8Array>();
  for (const name of SECTIONS) {
    const source = module.customSection(name);
    if (source !== undefined) sections.set(name, source.read(0, source.size));
  }
  return sections;
}

/** Entries that one run may look at: more than the modules have, so that a tree that never ends is noticed. */
const MAX_ENTRIES = 20_000;

/** Asks everything there is to ask, and lets nothing but FormatErrors pass. */
function interrogate(sections: DwarfSections): number {
  const info = openDebugInformation(sections);
  let entries = 0;
  const tolerate = <T>(read: () => T): T | undefined => {
    const result = attempt(read);
    return result instanceof FormatError ? undefined : result;
  };
  const visit = (entry: DwarfEntry, depth: number): void => {
    assert.ok(++entries < MAX_ENTRIES, "a tree without end");
    assert.ok(depth < 500, "a tree without bottom");
    for (const at of entry.ownAttributes) {
      tolerate(() => entry.attribute(at));
      tolerate(() => entry.location(at, codeOffset(0x40)));
      tolerate(() => entry.reference(at)?.name);
    }
    tolerate(() => entry.ranges());
    tolerate(() => entry.parent);
    tolerate(() => {
      for (const child of entry.children()) visit(child, depth + 1);
    });
  };
  for (const unit of info.units()) {
    tolerate(() => visit(unit.root, 0));
    tolerate(() => unit.ranges());
    tolerate(() => unit.globalVariables());
    tolerate(() => unit.subprogramAt(codeOffset(0x40)));
    tolerate(() => unit.lines?.files);
    tolerate(() => unit.lines?.rowAt(codeOffset(0x40)));
    tolerate(() => unit.root.unsigned(DW_AT.language));
  }
  for (const pc of [0x10, 0x100, 0x200]) tolerate(() => info.unitAt(codeOffset(pc)));
  tolerate(() => info.typeBySignature(1n));
  tolerate(() => info.entryAt(sectionOffset(0x30)));
  return entries;
}

function asSections(sections: ReadonlyMap<string, Uint8Array>): DwarfSections {
  const sources = new Map<string, ByteSource>();
  for (const [name, bytes] of sections) sources.set(name, new MemorySource(name, bytes));
  return { section: (name) => sources.get(name) };
}

describe("Damaged debug information", () => {
  for (const module of dwarfModules) {
    it(`of ${module.name} ends in answers or typed errors, soon`, function () {
      this.timeout(60_000);
      const sound = sectionsOf(module.bytes());
      assert.ok(interrogate(asSections(sound)) > 50);
      const names = [...sound.keys()].filter((name) => name !== ".debug_str");
      const mutation = fc.record({
        section: fc.constantFrom(...names),
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
        kind: fc.constantFrom("set", "set", "set", "truncate", "fill"),
      });
      fc.assert(
        fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
          const damaged = new Map(sound);
          for (const { section, at, byte, kind } of mutations) {
            const bytes = damaged.get(section)!;
            const index = Math.floor(at * bytes.length);
            if (kind === "truncate") damaged.set(section, bytes.slice(0, index));
            else {
              const copy = bytes.slice();
              copy.fill(byte, index, kind === "fill" ? index + 8 : index + 1);
              damaged.set(section, copy);
            }
          }
          const before = process.cpuUsage();
          interrogate(asSections(damaged));
          const { user, system } = process.cpuUsage(before);
          assert.ok(user + system < 2e6, `${user + system} µs of processor time`);
        }),
        { numRuns: 150, seed: 11 },
      );
    });
  }

  it("that is random from the first byte on ends as well", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 100 }),
        (info, abbreviations) => {
          const header = [0, 0, 5, 0, 1, 4, 0, 0, 0, 0];
          const unit = Uint8Array.of(info.length + 8, (info.length + 8) >> 8, ...header, ...info);
          interrogate(
            asSections(
              new Map([
                [".debug_info", unit],
                [".debug_abbrev", abbreviations],
              ]),
            ),
          );
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
