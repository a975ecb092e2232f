import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { searchName } from "../../engine/wasm/name-search";
import { NameSection } from "../../engine/wasm/names";

interface Named {
  readonly index: number;
  readonly name: Uint8Array;
  /** Whether the index is written in five bytes. */
  readonly padded?: boolean;
}

const utf8 = new TextEncoder();

function entry(writer: ByteWriter, { index, name, padded }: Named): void {
  if (padded)
    writer.bytes(
      Uint8Array.from([0, 7, 14, 21, 28], (bit, i) => ((index >>> bit) & 0x7f) | (i < 4 ? 0x80 : 0)),
    );
  else writer.uleb(index);
  writer.uleb(name.length).bytes(name);
}

function mapOf(names: readonly Named[], count = names.length): Uint8Array {
  const writer = new ByteWriter();
  writer.uleb(count);
  for (const named of names) entry(writer, named);
  return writer.finish();
}

/** Counts what is read. */
class Counting implements ByteSource {
  bytesRead = 0;
  readonly name = "name";
  constructor(private readonly bytes: Uint8Array) {}
  get size(): number {
    return this.bytes.length;
  }
  read(offset: number, length: number): Uint8Array {
    this.bytesRead += length;
    return new MemorySource(this.name, this.bytes).read(offset, length);
  }
}

function sectionOf(map: Uint8Array): { section: NameSection; source: Counting; problems: string[] } {
  const writer = new ByteWriter();
  writer.u8(1).uleb(map.length).bytes(map);
  const source = new Counting(writer.finish());
  const problems: string[] = [];
  return { section: new NameSection(source, ({ message }) => problems.push(message)), source, problems };
}

/** A name as C++ has them: long, with its number in it. */
const long = (index: number, length = 1000): Uint8Array =>
  utf8.encode(`std::function_${index}<${"int, ".repeat(length / 5)}>`);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("Names of large modules", () => {
  const count = 12_000;
  const names = Array.from({ length: count }, (_, index): Named => ({ index, name: long(index) }));
  const map = mapOf(names);

  it("are found without reading the section", () => {
    const { section, source } = sectionOf(map);
    for (const index of [0, 1, 127, 128, 5_000, 8_191, 8_192, 11_998, 11_999]) {
      const before = source.bytesRead;
      assert.equal(section.name("function", index), text(names[index]!.name));
      assert.ok(
        source.bytesRead - before < map.length / 4,
        `${source.bytesRead - before} of ${map.length} bytes`,
      );
    }
  });

  it("are read once all together when many are asked for", () => {
    const { section, source } = sectionOf(map);
    for (let index = 0; index < 2_000; index += 5) section.name("function", index);
    const before = source.bytesRead;
    assert.equal(section.name("function", 9_999), text(names[9_999]!.name));
    assert.ok(source.bytesRead - before < 2_000);
  });

  it("are not there when the map does not have them", () => {
    const { section, problems } = sectionOf(mapOf(names.filter(({ index }) => index !== 6_000)));
    assert.equal(section.name("function", 6_000), undefined);
    assert.equal(section.name("function", 6_001), text(names[6_001]!.name));
    assert.equal(section.name("function", count), undefined);
    assert.deepEqual(problems, []);
  });

  it("end where the map's count says, whatever follows", () => {
    const { section } = sectionOf(mapOf(names, 10_000));
    assert.equal(section.name("function", 9_999), text(names[9_999]!.name));
    assert.equal(section.name("function", 10_000), undefined);
  });

  it("keep those before a fault, and report it", () => {
    const { section, problems } = sectionOf(map.subarray(0, map.length - 10));
    assert.equal(section.name("function", 11_998), text(names[11_998]!.name));
    assert.equal(section.name("function", 11_999), undefined);
    assert.equal(problems.length, 1);
  });

  it("are not taken from a name that looks like a name map", () => {
    // Every other name holds a forged map: entries with the indices around its own, up to where it ends, so that
    // a reader that fell into it would go on with the true entry that follows.
    for (const forged of [4, 20, 100]) {
      const own = 200;
      const trap = names.map(({ index, name }): Named => {
        if (index < own || index % 2 === 0) return { index, name };
        const lies = Array.from({ length: forged }, (_, i) => ({
          index: index - forged + 1 + i,
          name: long(666, 100),
        }));
        return { index, name: mapOf(lies).subarray(1) };
      });
      const bytes = mapOf(trap);
      for (let index = 0; index < count; index += 97) {
        const found = searchName(new MemorySource("name", bytes), index);
        if (found === undefined) continue;
        const name = bytes.subarray(found.offset, found.offset + found.length);
        assert.deepEqual(Buffer.from(name), Buffer.from(trap[index]!.name), `${forged} forged, ${index}`);
      }
    }
  });

  it("are those that reading the map gives, however it is written", function () {
    this.timeout(60_000);
    const shape = fc.record({
      count: fc.integer({ min: 1, max: 4_000 }),
      first: fc.constantFrom(0, 1, 100, 127, 5_000, 2_000_000),
      gap: fc.constantFrom(0, 0, 0, 0.001, 0.3),
      padded: fc.constantFrom(0, 0, 0.01, 1),
      length: fc.constantFrom(0, 3, 200, 2_000),
      order: fc.constantFrom("ascending", "ascending", "descending", "halves", "one astray"),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        (made, wanted) => {
          const random = mulberry(made.seed);
          let index = made.first;
          let all = Array.from({ length: made.count }, (): Named => {
            index += random() < made.gap ? 1 + Math.floor(random() * 200) : 1;
            const length = Math.floor(random() * 2 * made.length);
            const odd = random() < 0.01 ? "ÿ\u0080\u{10ffff}".repeat(length / 8) : "";
            return {
              index,
              name: utf8.encode(`${index}${odd}`.padEnd(length, "x")),
              padded: random() < made.padded,
            };
          });
          if (made.order === "descending") all = all.toReversed();
          if (made.order === "halves")
            all = [...all.slice(made.count >> 1), ...all.slice(0, made.count >> 1)];
          if (made.order === "one astray") all.push(...all.splice(Math.floor(random() * made.count), 1));
          const bytes = mapOf(all);
          const { section } = sectionOf(bytes);
          const byIndex = new Map(all.map((named) => [named.index, text(named.name)]));
          const low = made.first;
          for (const at of [0, ...wanted, 1]) {
            const asked = low + Math.floor(at * (index - low + 2));
            assert.equal(section.name("function", asked), byIndex.get(asked), `index ${asked}`);
            const found = searchName(new MemorySource("name", bytes), asked);
            if (found === undefined) continue;
            assert.equal(text(bytes.subarray(found.offset, found.offset + found.length)), byIndex.get(asked));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Numbers from 0 to 1 that look random and are the same each time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
