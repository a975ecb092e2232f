/** Macros in expressions: what each is on its line, and what it stands for there; see test/fixtures/c-macros. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { completionsAt } from "../../engine/expressions/completions";
import { ExpressionError } from "../../engine/expressions/errors";
import { tokenize } from "../../engine/expressions/lexer";
import { expandMacros } from "../../engine/expressions/macro-expansion";
import type { Frame } from "../../engine/postmortem/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { shown } from "./table";

const FORMS = ["dwarf5", "macinfo", "gnu", "split-dwarf5", "split-dwarf4"] as const;

async function frameOf(form: (typeof FORMS)[number], function_: string): Promise<Frame> {
  const folder = join(__dirname, "../fixtures/c-macros", form);
  const files = { coreFile: join(folder, "app.coredump"), program: join(folder, "app.wasm") };
  const crash = await openCrash(files, new NodeHost());
  return settle(() => crash.threads[0]!.frames().find(({ name }) => name === function_)!);
}

async function check(frame: Frame, table: readonly (readonly [string, string])[]): Promise<void> {
  const given = await settle(() => table.map(([expression]) => [expression, shown(expression, frame)]));
  assert.deepEqual(given, table);
}

const unknown = (name: string): string => `0: no variable “${name}” is in scope here`;

describe("macros in expressions", () => {
  for (const form of FORMS) {
    it(`are what they are on the frame's line, in the form ${form}`, async () => {
      await check(await frameOf(form, "shrink"), [
        ["MAX_ITEMS", "5 : int"],
        ["STEP", "2 : int"],
        ["value - STEP", "-3 : int"],
        ["MODE_FAST + 1", "5 : int"],
        ["FACTOR", "4 : int"],
        ["FROM_OUTSIDE", "6 : int"],
        ["LOUD", unknown("LOUD")],
        ["LAST_LINE", unknown("LAST_LINE")],
      ]);
      await check(await frameOf(form, "sum"), [
        ["MAX_ITEMS", "50 : long"],
        ["STEP", unknown("STEP")],
        ["FACTOR", "4 : int"],
        ["SQUARE(path[1].x)", "9 : int"],
      ]);
      // A header's function, on a line before the header's own redefinition.
      await check(await frameOf(form, "visit"), [
        ["MAX_ITEMS", "5 : int"],
        ["FACTOR", "3 : int"],
        ["by * FACTOR", "9 : int"],
        ["STEP", unknown("STEP")],
      ]);
      await check(await frameOf(form, "run"), [
        ["STEP", "11 : int"],
        ["LENGTH(path)", "3 : unsigned long"],
      ]);
    });
  }

  it("stand for what the preprocessor makes of them", async () => {
    await check(await frameOf("dwarf5", "sum"), [
      ["SQUARE(path[0].x + 1)", "64 : int"],
      ["SQUARE (3)", "9 : int"],
      ["AREA_OF(CORNER) * 2", "41 : int"],
      ["SUM(SUM(1, 2), 3)", "6 : int"],
      ["SUM(1, (2, 3))", "4 : int"],
      ["CORNER.y", "4 : int"],
      ["CORNER,x", "{x: 0x00000003, y: 0x00000004} : struct point"],
      ["FIRST(path, 1, 2).x", "7 : int"],
      ["FIRST(path).x", "7 : int"],
      ['LOG("x")', "2 : int"],
      ['LOG("x", 7)', "7 : int"],
      ['TEXT(a  + "b\\n")', '"a + \\"b\\\\n\\"" : char [10]'],
      ["TEXT_OF(MAX_ITEMS)", '"50L" : char [4]'],
      ["TEXT(MAX_ITEMS)", '"MAX_ITEMS" : char [10]'],
      ["COUNTER_NAME(1)", "41 : int"],
      ["NEXT_LINE(total)", "10 : int"],
      ["UNUSED total UNUSED", "9 : int"],
      ["(PAIR)", "2 : int"],
      ["sizeof(MAX_ITEMS)", "4 : unsigned long"],
    ]);
  });

  it("stand for nothing within what they stand for", async () => {
    await check(await frameOf("dwarf5", "sum"), [
      ["self", "7 : int"],
      ["ping", "3 : int"],
      ["pong", "4 : int"],
      ["ping + pong", "7 : int"],
    ]);
  });

  it("err at what was typed, by the macro's name where it is the macro's fault", async () => {
    await check(await frameOf("dwarf5", "sum"), [
      ["SUM(path[1].x, nobody)", "15: no variable “nobody” is in scope here"],
      ["1 + SUM(path[1].q, 1)", "16: struct point has no member q"],
      ["CALL(3)", "0: in the macro CALL: an expression only reads: it cannot call functions"],
      ["1 + BROKEN", "4: in the macro BROKEN: a name is expected here, not “)”"],
      ["total * ASSIGN", "8: in the macro ASSIGN: an expression only reads: it cannot change the program"],
      ["1 + WAIT(total)", "4: in the macro WAIT: an expression only reads: it cannot change the program"],
      ["BAD_PASTE", "0: in the macro JOIN: “+” ## “1” is no token"],
      ["total, PAIR", "7: in the macro PAIR: the end is expected here, not “,”"],
      ["SQUARE(1, 2)", "0: SQUARE takes 1 argument, not 2"],
      ["2 * SQUARE(3", "4: the arguments of SQUARE have no end"],
      ["SQUARE", unknown("SQUARE")],
    ]);
  });

  it("leave a function of the C library that the program has itself to the program", async () => {
    await check(await frameOf("dwarf5", "sum"), [
      ["labs(-3)", "4: an expression only reads: it cannot call functions"],
      ["abs(-3)", "3 : int"],
    ]);
  });

  it("are offered while a name is typed", async () => {
    const frame = await frameOf("dwarf5", "shrink");
    const labels = (text: string) => completionsAt(text, text.length, frame).map(({ label }) => label);
    assert.deepEqual(labels("1 + MAX"), ["MAX_ITEMS"]);
    assert.deepEqual(labels("MODE_"), ["MODE_FAST"]);
    assert.ok(!labels("").includes("__STDC__"));
    assert.ok(labels("__ST").includes("__STDC__"));
  });

  it("end, whatever they stand for", () => {
    const names = ["a", "b", "c"];
    const word = fc.constantFrom(
      ...names,
      "x",
      "y",
      "(",
      ")",
      ",",
      "#",
      "##",
      "1",
      "a(",
      "b(c(",
      "__VA_ARGS__",
    );
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
    const macro = fc.record({
      parameters: fc.constantFrom(undefined, [], ["x"], ["x", "y"], ["x", "__VA_ARGS__"]),
      body: text,
    });
    let expanded = 0;
    fc.assert(
      fc.property(fc.array(macro, { minLength: 3, maxLength: 3 }), text, (macros, typed) => {
        const table = {
          names: () => names,
          find: (name: string) => {
            const found = macros[names.indexOf(name)];
            return found && { ...found, name, variadic: found.parameters?.at(-1) === "__VA_ARGS__" };
          },
        };
        try {
          const { tokens } = expandMacros(tokenize(typed), table);
          assert.ok(tokens.every(({ position }) => position >= 0 && position <= typed.length));
          expanded++;
        } catch (error) {
          assert.ok(error instanceof ExpressionError, String(error));
          assert.ok(error.position >= 0 && error.position <= typed.length);
        }
      }),
      { numRuns: 2000 },
    );
    assert.ok(expanded > 500);
    const bomb = { names: () => [], find: (name: string) => bombed(name) };
    const bombed = (name: string) =>
      /^m\d+$/.test(name)
        ? { name, parameters: undefined, variadic: false, body: `m${Number(name.slice(1)) + 1} `.repeat(10) }
        : undefined;
    assert.throws(() => expandMacros(tokenize("1 + m0"), bomb), ExpressionError);
  });
});
