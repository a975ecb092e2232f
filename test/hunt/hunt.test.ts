/**
 * The hunt for wrong values (bench/hunt), as far as it needs no compiler: its programs are the same again for the same
 * seed and tell the variables that they declare, and its judge does not pass a value that was tampered with.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { generateC } from "../../bench/hunt/c/program";
import { generateCpp } from "../../bench/hunt/cpp/program";
import { judge } from "../../bench/hunt/judge";
import type { Program } from "../../bench/hunt/model";
import { generateRust } from "../../bench/hunt/rust/program";
import type { Truth } from "../../bench/hunt/truth";
import type { Child, Value } from "../../engine/values/model";

const generators: readonly (readonly [name: string, generate: (seed: number) => Program])[] = [
  ["C", generateC],
  ["C++", generateCpp],
  ["Rust", generateRust],
];

describe("Random programs", () => {
  for (const [language, generate] of generators) {
    it(`are the same again for the same seed, and others for another: ${language}`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        assert.equal(generate(seed).source, generate(seed).source);
        assert.notEqual(generate(seed).source, generate(seed + 1).source);
      }
    });

    it(`declare each variable that they tell on the line that they say: ${language}`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const { source, tellings, functions } = generate(seed);
        const lines = source.split("\n");
        assert.equal(functions.at(-1), "run");
        assert.ok(tellings.size > 0);
        for (const [number, { variable }] of tellings) {
          const declared = new RegExp(`\\b${variable.name}\\b`);
          assert.match(lines[variable.line - 1]!, declared);
          const telling = lines.find((line) => new RegExp(`(\\w|!)\\(${number}, `).test(line));
          assert.match(telling!, declared, `telling ${number} of seed ${seed}`);
          assert.ok(variable.isStatic || functions.includes(variable.function));
        }
      }
    });
  }
});

/** A value as readers see it. */
function shown(text: string, named: Record<string, Value> = {}, indexed: readonly Value[] = []): Value {
  const child = (name: string, value: Value): Child => ({ name, value, path: undefined });
  const all = Object.entries(named).map(([name, value]) => child(name, value));
  const elements = indexed.map((value, index) => child(`[${index}]`, value));
  return {
    text: () => text,
    typeName: undefined,
    missing: undefined,
    address: undefined,
    size: undefined,
    target: undefined,
    provenance: "memory" as Value["provenance"],
    children: {
      namedCount: all.length,
      indexedCount: elements.length,
      named: () => all,
      indexed: (from, count) => elements.slice(from, from + count),
    },
  };
}

const outcome = (value: Value, truth: Truth, path: readonly string[] = []): string =>
  judge(value, path, truth, { sameBuild: true }).outcome;

describe("The judge of random programs", () => {
  const integer = (of: number): Truth => ({ integer: String(of) });

  it("passes what the program told, and nothing else", () => {
    const cases: readonly (readonly [truth: Truth, right: Value, tampered: Value])[] = [
      [integer(-7), shown("-7"), shown("-70")],
      [{ truth: true }, shown("true"), shown("false")],
      [{ float: "-0" }, shown("-0.0"), shown("0.0")],
      [{ float: "0.10000000149011612" }, shown("0.1"), shown("0.2")],
      [{ constant: ["Red"] }, shown("Colour::Red"), shown("Colour::Redder")],
      [{ text: [0x61, 0x62] }, shown('"ab"'), shown('"a"')],
      [
        { elements: [integer(1), integer(2)] },
        shown("", {}, [shown("1"), shown("2")]),
        shown("", {}, [shown("1")]),
      ],
      [
        { members: { a: integer(1) }, name: "Point" },
        shown("Point {a: 1}", { a: shown("1") }),
        shown("Point {a: 1}", { a: shown("2") }),
      ],
      [
        { pairs: [[integer(1), integer(2)]] },
        shown("{1: 2}", { "[1]": shown("2") }),
        shown("{3: 2}", { "[3]": shown("2") }),
      ],
      [{ some: integer(3) }, shown("Some(3)", { "0": shown("3") }), shown("None")],
      [{ none: true }, shown("None"), shown("Some(0)", { "0": shown("0") })],
      [
        { pointee: integer(4), strong: 2 },
        shown("4 (strong 2)", { "*": shown("4"), strong: shown("2") }),
        shown("4 (strong 1)", { "*": shown("4"), strong: shown("1") }),
      ],
      [{ complex: [{ float: "1" }, { float: "-2" }] }, shown("1 - 2i"), shown("1 + 2i")],
      [{ bits: "101" }, shown("101"), shown("100")],
      [{ range: [integer(1), integer(5)] }, shown("1..5"), shown("1..6")],
      [
        { address: "4096" },
        { ...shown("0x1000"), target: 4096 as never },
        { ...shown("0x1004"), target: 4100 as never },
      ],
    ];
    for (const [truth, right, tampered] of cases) {
      assert.equal(outcome(right, truth), "right", JSON.stringify(truth));
      assert.equal(outcome(tampered, truth), "wrong", JSON.stringify(truth));
    }
  });

  it("follows a path to the part that the program told", () => {
    const record = shown("{…}", { list: shown("{…}", {}, [shown("1"), shown("2")]) });
    assert.equal(outcome(record, integer(2), ["list", "[1]"]), "right");
    assert.equal(outcome(record, integer(2), ["list", "[0]"]), "wrong");
    assert.equal(outcome(record, integer(2), ["absent"]), "wrong");
  });

  it("tells a missing value from a wrong one, also within another", () => {
    const lacking = shown("<unavailable: optimized out>");
    assert.equal(outcome(lacking, integer(2)), "missing");
    assert.equal(outcome(shown("1..<unavailable: gone>"), { range: [integer(1), integer(5)] }), "missing");
    assert.equal(outcome(shown("{…}", { a: lacking }), { members: { a: integer(2) } }), "missing");
    const both: Truth = { members: { a: integer(2), b: integer(3) } };
    assert.equal(outcome(shown("{…}", { a: lacking, b: shown("4") }), both), "wrong");
  });
});
