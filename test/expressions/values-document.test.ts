/** docs/VALUES.md: each of its rows is shown as it says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import { frameOf } from "./frames";

interface Row {
  readonly section: string;
  readonly program: string;
  readonly function_: string;
  readonly expression: string;
  readonly shown: string;
}

/** A row of five columns; bars inside of a cell are escaped. */
const ROW = /^\| (?:.*?) \| (\S+) \| (\w+) \| `(.*)` \| `(.*)` \|$/;

function rows(): readonly Row[] {
  const found: Row[] = [];
  let section = "";
  for (const line of readFileSync(join(__dirname, "../../docs/VALUES.md"), "utf8").split("\n")) {
    if (line.startsWith("## ")) section = line.slice(3);
    const [, program, function_, expression, shown] = ROW.exec(line) ?? [];
    if (program === undefined || function_ === undefined) continue;
    const plain = (cell = ""): string => cell.replaceAll("\\|", "|");
    found.push({ section, program, function_, expression: plain(expression), shown: plain(shown) });
  }
  return found;
}

function textOf(expression: string, frame: Frame): string {
  try {
    return evaluateInFrame(expression, frame).text();
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.position}: ${error.message}`;
    throw error;
  }
}

/** `0x…` stands for any address. */
const withoutAddresses = (text: string, shown: string): string =>
  shown.includes("0x…") ? text.replace(/0x[0-9a-f]{8}\b/g, "0x…") : text;

describe("docs/VALUES.md", () => {
  const frames = new Map<string, Frame>();
  const all = rows();

  it("has rows of every language and of expressions", () => {
    const sections = new Set(all.map(({ section }) => section));
    assert.deepEqual([...sections], ["Rust", "C++", "C", "Zig", "Expressions"]);
    assert.ok(all.length > 150);
  });

  for (const section of new Set(all.map((row) => row.section))) {
    it(`is true of ${section}`, () => {
      const faults: string[] = [];
      for (const { program, function_, expression, shown } of all.filter((row) => row.section === section)) {
        const key = `${program} ${function_}`;
        const frame = frames.get(key) ?? frameOf(program, function_);
        frames.set(key, frame);
        const text = withoutAddresses(textOf(expression, frame), shown);
        if (text !== shown) faults.push(`${key} ${expression}: ${text}, not ${shown}`);
      }
      assert.deepEqual(faults, []);
    });
  }
});
