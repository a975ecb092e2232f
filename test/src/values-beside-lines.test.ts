/**
 * Which value stands beside which line, and is shown under the mouse: a name means the variable that the program's
 * text means by it, which need not be the one that is visible where the frame stands.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { after, describe, it } from "mocha";
import type { VisibleNamesBody } from "../../adapter/requests/visible-names";
import { type LanguageId, tokens } from "../../src/source-text/lexer";
import { variableNames } from "../../src/source-text/values";
import { valuesOf } from "../../src/source-text/visible";
import { Client } from "../adapter/client";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";

/** A text of a program in which a frame stands. */
class Text {
  readonly lines: readonly string[];

  constructor(
    private readonly text: string,
    private readonly language: LanguageId,
  ) {
    this.lines = text.split("\n");
  }

  lineOf(mark: string): number {
    const line = this.lines.findIndex((one) => one.includes(mark)) + 1;
    assert.ok(line > 0, mark);
    return line;
  }

  /** What stands beside the lines for a frame, as `name = value`, by line from 1. */
  beside(
    visible: VisibleNamesBody,
    frame: Pick<DebugProtocol.StackFrame, "line" | "column">,
  ): Map<number, string[]> {
    const all = [...tokens(this.text, this.language)];
    const lineAt = (offset: number): number => this.text.slice(0, offset).split("\n").length;
    const start = this.lines.slice(0, frame.line - 1).join("\n").length + frame.column;
    const beside = new Map<number, string[]>();
    const text = { visible, tokens: all, stop: start, lineAt };
    for (const { name, value } of valuesOf([...variableNames(all, this.language)], text)) {
      const line = lineAt(name.start);
      const shown = beside.get(line) ?? [];
      if (!shown.includes(`${name.text} = ${value}`)) shown.push(`${name.text} = ${value}`);
      beside.set(line, shown);
    }
    return beside;
  }
}

interface Program {
  /** What stands beside the line with a mark, for the frame of a function. */
  beside(frame: string): Promise<(mark: string) => string>;
}

async function open(launch: { program: string; coreFile: string; workspaceFolders: string[] }, text: Text) {
  const client = Client.inProcess();
  await client.stopAtCrash(launch);
  const frames: DebugProtocol.StackFrame[] = (await client.get("stackTrace", { threadId: 1 })).stackFrames;
  const program: Program = {
    async beside(name) {
      const frame = frames.find((one) => one.name === name)!;
      const beside = text.beside(await client.get("wasm/visibleNames", { frameId: frame.id }), frame);
      return (mark) => (beside.get(text.lineOf(mark)) ?? []).join(", ");
    },
  };
  return program;
}

async function programOf(name: string, source: string, language: LanguageId): Promise<Program> {
  const crash = fixture(name);
  const folder = sourceFolder(crash);
  const text = new Text(readFileSync(join(folder, source), "utf8"), language);
  return open({ program: modulePath(crash), coreFile: dumpPath(crash), workspaceFolders: [folder] }, text);
}

describe("values beside lines", () => {
  it("are of the variable that a C program's line means, where others of its name shadow it", async () => {
    const program = await programOf("c-shapes-o0-dwarf5", "c-shapes.c", "c");
    const beside = await program.beside("shadows");
    assert.match(beside("int shadows(struct tree *root, int step)"), /step = 10$/);
    assert.equal(beside("int sum = step;"), "sum = 30, step = 10");
    assert.equal(beside("int step = 20;"), "step = 20");
    assert.equal(beside("for (int step = 30"), "step = 30");
    assert.match(beside("// call: compounds"), /^sum = 30, .*step = 30$/);
  });

  it("are of the variable that a Rust program's line means, where a later let shadows it", async () => {
    const program = await programOf("rust-shapes", "src/main.rs", "rust");
    const beside = await program.beside("app::shadows");
    assert.match(beside("fn shadows(root"), /step = 10$/);
    assert.equal(beside("let step = step + 1;"), "step = 11");
    assert.equal(beside('let step = format!("step {step}");'), 'step = "step 11"');
    assert.equal(beside("let step = 'z';"), "step = 'z'");
    assert.match(beside("// call: descend from shadows"), /count = 3, step = 'z'$/);
  });

  it("are none for a variable of a block that has ended, nor for names of other functions", async () => {
    const program = await programOf("c-shapes-o0-dwarf5", "c-shapes.c", "c");
    const beside = await program.beside("compounds");
    assert.match(beside("for (int i = 0; i < 4; i++)"), /^packet = /);
    assert.match(beside("struct point *corner = &frame.max;"), /corner = .*x: 30, y: 40/);
    for (const mark of ["int sum = step;", "int key = node->key;"]) assert.equal(beside(mark), "");
    assert.doesNotMatch(beside("static int scalars(struct tree *root)"), /root/);
  });

  it("are told for Zig, of the caller's frame at its own line", async () => {
    const program = await programOf("zig-shapes-debug", "zig-shapes.zig", "zig");
    const beside = await program.beside("sum");
    assert.match(beside("// crash here"), /^total = 230, value = 30/);
    assert.equal(beside("var key: u32"), "");
  });

  it("are none where a block that has ended has the name, or on the lines of a function inside", () => {
    const visible = {
      lines: { startLine: 1, endLine: 9 },
      names: [
        { name: "x", extent: { declared: 1, startLine: 1, endLine: 9 }, value: "1" },
        { name: "x", extent: { declared: 3, startLine: 3, endLine: 5 } },
      ],
      inner: [{ startLine: 7, endLine: 8 }],
    };
    const beside = new Text("x\n".repeat(12), "c").beside(visible, { line: 9, column: 1 });
    assert.deepEqual([...beside.keys()], [1, 2, 6, 9]);
  });

  it("are none on the other lines of a statement that shadows what they still mean", () => {
    const visible = {
      lines: { startLine: 1, endLine: 6 },
      names: [
        { name: "x", extent: { declared: 1, startLine: 1, endLine: 6 }, value: "1" },
        { name: "x", extent: { declared: 2, startLine: 5, endLine: 6 }, value: "2" },
      ],
      inner: [],
    };
    const beside = new Text("x\n".repeat(6), "rust").beside(visible, { line: 6, column: 1 });
    assert.deepEqual(
      [...beside],
      [
        [1, ["x = 1"]],
        [2, ["x = 2"]],
        [5, ["x = 2"]],
        [6, ["x = 2"]],
      ],
    );
  });

  describe("of an AssemblyScript program, whose debug information tells no blocks", () => {
    const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
    after(() => rmSync(folder, { recursive: true }));

    it("are told by its text: none of a loop that has ended, none of other functions", async () => {
      const crash = fixture("as-shapes");
      const from = sourceFolder(crash);
      for (const name of ["as-shapes.ts", "as-shapes.wasm", "as-shapes.coredump"])
        copyFileSync(join(from, name), join(folder, name));
      writeFileSync(
        join(folder, "as-shapes.wasm.map"),
        gunzipSync(readFileSync(join(from, "as-shapes.wasm.map.gz"))),
      );
      const text = new Text(readFileSync(join(from, "as-shapes.ts"), "utf8"), "typescript");
      const launch = {
        program: join(folder, "as-shapes.wasm"),
        coreFile: join(folder, "as-shapes.coredump"),
        workspaceFolders: [folder],
      };
      const program = await open(launch, text);
      const beside = await program.beside("as-shapes/weigh");
      assert.equal(beside("let total = 0;"), "total = 980");
      assert.match(beside("for (let i = 0"), /^weights = /);
      assert.match(beside("// call: check"), /^total = 980, label = /);
      assert.equal(beside("const over = total - limit;"), "");
      assert.match(beside("function weigh(label"), /^label = .*weights = /);
    });
  });
});
