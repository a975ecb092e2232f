/** Programs that nobody wrote, instrumented in every way: the same results, errors and memory as without. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ByteWriter } from "../../../engine/bytes/writer";
import type { InstrumentOptions } from "../../../engine/rewrite/instrument/model";
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";
import { instrumentBytes, start } from "./support";

const i32 = 0x7f;
const empty = 0x40;
const end = 0x0b;
const LOCALS = 5;
const FUNCTIONS = 3;

/** Makes code of choices, each a number of the caller's; when they run out all that follows is as short as it can be. */
class Generator {
  private at = 0;
  private loops = 0;

  constructor(
    private readonly choices: readonly number[],
    private readonly index: number,
    /** Whether it catches whatever is thrown, here and there. */
    private readonly catchesAll: boolean,
  ) {}

  private choose(count: number): number {
    return (this.choices[this.at++] ?? 0) % count;
  }

  private local(): number {
    // The last two count the rounds of loops.
    return this.choose(LOCALS - 2);
  }

  /** An i32. */
  value(depth: number): number[] {
    const deeper = () => this.value(depth - 1);
    switch (depth === 0 ? this.choose(2) : this.choose(12)) {
      case 0:
        return [0x20, this.local()];
      case 1:
        return [0x41, this.choose(64)];
      case 2:
        return [0x41, 0x7f];
      case 3:
      case 4:
        return [...deeper(), ...deeper(), [0x6a, 0x6b, 0x6c, 0x71][this.choose(4)]!];
      case 5:
      case 6:
        return [...deeper(), ...deeper(), 0x6d + this.choose(4)]; // division and remainder
      case 7:
        return [...deeper(), 0x28, 0, this.choose(128)]; // load
      case 8:
        return [...deeper(), 0xb3, 0x43, 0, 0, 0xa0, 0x4e, 0x94, 0xa8 + this.choose(2)]; // times 2^30.3, truncated
      case 9:
        return [...deeper(), 0x04, i32, ...deeper(), 0x05, ...deeper(), end];
      case 10:
        return [...deeper(), ...deeper(), ...this.call()];
      default:
        return [0x02, i32, ...deeper(), ...deeper(), 0x0d, 0, 0x1a, ...deeper(), end];
    }
  }

  /** Calls the host, a later function, or one through the table, with the two operands on the stack. */
  private call(): number[] {
    const later = FUNCTIONS - this.index;
    const target = this.choose(3);
    if (target === 0 || later <= 0) return [0x6a, 0x10, 0];
    if (target === 1) return [0x10, this.index + 1 + this.choose(later)];
    return [...this.value(0), 0x11, 1, 0];
  }

  statements(depth: number): number[] {
    return Array.from({ length: this.choose(4) }, () => this.statement(depth)).flat();
  }

  private statement(depth: number): number[] {
    switch (depth === 0 ? 0 : this.choose(this.catchesAll ? 6 : 5)) {
      case 0:
        return [...this.value(2), 0x21, this.local()];
      case 1:
        return [...this.value(2), ...this.value(2), 0x36, 0, this.choose(128)]; // store
      case 2:
        return [...this.value(2), 0x04, empty, ...this.statements(depth - 1), end];
      case 3: {
        if (this.loops === 2) return [];
        const counter = LOCALS - 2 + this.loops++;
        const again = [0x20, counter, 0x41, 1, 0x6a, 0x22, counter, 0x41, 3, 0x48, 0x0d, 0];
        return [0x41, 0, 0x21, counter, 0x03, empty, ...this.statements(depth - 1), ...again, end];
      }
      case 4:
        return [...this.value(1), 0x04, empty, 0x00, end]; // unreachable, perhaps
      default:
        return [0x06, empty, ...this.statements(depth - 1), 0x19, ...this.statements(depth - 1), end];
    }
  }
}

function program(choices: readonly (readonly number[])[], catchesAll: boolean): Uint8Array {
  const bodies = choices.map((own, at) => {
    const generator = new Generator(own, at + 1, catchesAll);
    return body(1, LOCALS - 2, i32, ...generator.statements(3), ...generator.value(3), end);
  });
  return moduleOf(
    vectorSection(1, [0x60, 1, i32, 1, i32], [0x60, 2, i32, i32, 1, i32]),
    vectorSection(2, new ByteWriter().name("host").name("call").u8(0).uleb(0)),
    vectorSection(3, ...bodies.map(() => [1])),
    vectorSection(4, [0x70, 1, 2, 2]),
    vectorSection(5, [0, 1]),
    vectorSection(
      7,
      new ByteWriter().name("run").u8(0).uleb(1),
      new ByteWriter().name("memory").u8(2).uleb(0),
    ),
    vectorSection(9, [0, 0x41, 1, end, 1, FUNCTIONS]),
    vectorSection(10, ...bodies),
  );
}

/** What a few calls come to. */
function outcomes(bytes: Uint8Array): string[] {
  const call = (value: number): number => {
    if (value % 17 === 3) throw new RangeError(`of the host: ${value}`);
    return value ^ 5;
  };
  const running = start(bytes, { host: { call } });
  const memory = new Int32Array(
    (running.instance.exports["memory"] as WebAssembly.Memory).buffer as ArrayBuffer,
  );
  return [
    [0, 0],
    [3, -1],
    [40_000, 65_536],
    [-2147483648, 2],
  ].map((values) => {
    let text: string;
    try {
      text = String(running.call("run", ...values));
    } catch (error) {
      text = `${(error as Error).name}: ${(error as Error).message}`;
    }
    return `${text} ${memory.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0)}`;
  });
}

const ways: readonly Partial<InstrumentOptions>[] = [
  { tier: 0 },
  { tier: 1 },
  { tier: 2 },
  { tier: 1, hasExceptions: false },
  { tier: 2, hasExceptions: false },
  { tier: 2, functions: new Set([1]) },
];

describe("a program that nobody wrote", () => {
  it("does the same instrumented, in every tier, with exceptions and without", () => {
    const kinds = new Set<string>();
    const choices = fc.array(fc.nat(255), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: FUNCTIONS }, () => choices)), fc.boolean(), (own, all) => {
        const bytes = program(own, all);
        assert.ok(WebAssembly.validate(bytes as never));
        const plain = outcomes(bytes);
        for (const text of plain) kinds.add(text.replace(/[-\d]+/g, "").trim());
        for (const way of ways)
          assert.deepEqual(outcomes(instrumentBytes(bytes, way).module), plain, JSON.stringify(way));
      }),
      { numRuns: 150, seed: 1 },
    );
    assert.ok(kinds.size >= 7, `of many kinds: ${[...kinds].join("; ")}`);
  });
});
