/** Texts of the console in an editor: what is coloured as what, by VS Code's own tokeniser. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { painted } from "../../engine/console/painted";
import { type Palette, PLAIN } from "../../engine/console/palette";
import { type Token, tokeniser } from "./support/tokens";

const goldens = join(__dirname, "../golden/console");
const golden = (name: string): string => readFileSync(join(goldens, `${name}.txt`), "utf8");

describe("A console's text in an editor", () => {
  let tokens: (text: string) => Token[][];
  before(async () => {
    tokens = await tokeniser("wasm-postmortem-console.tmLanguage.json");
  });

  /** The parts of a line that have a scope of their own: `function: load`. */
  const scoped = (line: string): string[] =>
    tokens(line)[0]!
      .filter(({ scope }) => !/^(text|meta)\./.test(scope))
      .map(({ scope, text }) =>
        `${scope.replace(".wasm-postmortem", "").split(".").at(-1)}: ${text.trim()}`.trim(),
      );

  const shown = (name: string, start: string): string[] => {
    const line = golden(name)
      .split("\n")
      .find((candidate) => candidate.startsWith(start));
    assert.ok(line !== undefined, start);
    return scoped(line);
  };

  it("marks a frame's function, arguments and place", () => {
    assert.deepEqual(shown("c-shapes-o0-dwarf5", "#0 "), [
      "frame: #0",
      "function: load",
      "parameter: from",
      "assignment: =",
      "address: 0x7fff0000",
      "parameter: index",
      "assignment: =",
      "numeric: 8",
      "place: /build/c-shapes.c:95",
      "inlined: [inlined]",
    ]);
    assert.deepEqual(shown("wasmgdb", "#6  core::ops").slice(0, 2), [
      "frame: #6",
      "function: core::ops::function::FnOnce::call_once<fn(), ()>",
    ]);
    assert.deepEqual(shown("c-shapes-o0-dwarf5", "#10"), [
      "frame: #10",
      "function: _start.command_export",
      "numeric: 19",
      "address: 0x1",
    ]);
    assert.deepEqual(shown("rust-classic", "* 1").slice(0, 3), [
      "crash: *",
      "frame: #12",
      "function: app::calculate",
    ]);
  });

  it("marks values, what was printed before, texts, and what is not known", () => {
    assert.deepEqual(shown("c-shapes-o0-dwarf5", "$11 ="), [
      "history: $11",
      "assignment: =",
      "address: 0x0000400e",
      'double: "postmortem"',
    ]);
    assert.deepEqual(shown("c-shapes-o0-dwarf5", "letter ="), [
      "other: letter",
      "assignment: =",
      "numeric: 119",
      "single: 'w'",
    ]);
    assert.deepEqual(shown("cpp-shapes", "0x4d40 <hidden>:"), [
      "address: 0x4d40",
      "label: <hidden>",
      "numeric: -12",
      "numeric: 0",
    ]);
    assert.deepEqual(
      shown("rust-classic", "<unavailable").map((part) => part.slice(0, 26)),
      ["unavailable: <unavailable:"],
    );
  });

  it("marks the line of the crash, in a listing, in code and in a triage", () => {
    assert.deepEqual(shown("rust-classic", "12→"), [
      "line: 12",
      "crash: →",
      "crash-line: let result = calculate(thing.value);",
    ]);
    assert.deepEqual(shown("rust-classic", "=> 0x28:"), ["crash: =>", "address: 0x28", "instruction: call"]);
    assert.deepEqual(scoped(">  8 |     value - 10"), [
      "crash: >",
      "crash-line:",
      "line: 8",
      "crash-line: |     value - 10",
    ]);
    assert.deepEqual(scoped("> #12  app::calculate(value=3) at /build/src/main.rs:8:5"), [
      "crash: >",
      "frame: #12",
      "function: app::calculate",
      "parameter: value",
      "assignment: =",
      "numeric: 3",
      "place: /build/src/main.rs:8:5",
    ]);
    assert.deepEqual(scoped("  #0   abort at ././libc-bottom-half/sources/abort.c:5:3"), [
      "frame: #0",
      "function: abort",
      "place: ././libc-bottom-half/sources/abort.c:5:3",
    ]);
    assert.deepEqual(scoped("  value: usize = 3"), [
      "other: value",
      "type: usize",
      "assignment: =",
      "numeric: 3",
    ]);
  });

  it("marks the prompt and the command behind it", () => {
    assert.deepEqual(scoped('(wasm-postmortem) find "result: "'), [
      "prompt: (wasm-postmortem)",
      "command: find",
      'double: "result: "',
    ]);
  });

  it("names the same functions and variables as the debug console colours", () => {
    const names: Palette = { ...PLAIN, name: (text) => `\x1b${text}\x1b` };
    let compared = 0;
    for (const file of readdirSync(goldens)) {
      for (const line of readFileSync(join(goldens, file), "utf8").split("\n")) {
        if (/^[>!]/.test(line)) continue;
        const colored = painted(line, names)
          .split("\x1b")
          .filter((_, index) => index % 2 === 1);
        const named = tokens(line)[0]!.filter(({ scope }) =>
          /^(entity\.name\.function|variable\.other\.wasm|variable\.language)/.test(scope),
        );
        assert.deepEqual(
          colored,
          named.map(({ text }) => text),
          line,
        );
        compared += colored.length;
      }
    }
    assert.ok(compared > 200, String(compared));
  });
});
