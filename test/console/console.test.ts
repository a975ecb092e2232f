/** The console on real crashes: every command's answer, as its user reads it, in test/golden/console. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import type { ConsoleHost } from "../../engine/console/command";
import { Console } from "../../engine/console/console";
import { ConsoleError } from "../../engine/console/errors";
import type { Settings } from "../../engine/console/settings";
import { ExpressionError } from "../../engine/expressions/errors";
import { openCrash } from "../../engine/postmortem/crash";
import { fixture, loadDump, loadModule, sourceFolder } from "../fixtures";
import { dumpsOf, loadProduced, wasmgdbStack } from "../fixtures/dialects";

/** Sources lie in the fixture's folder, which is `/build` in its debug information. */
const sourcesOf = (name: string): ConsoleHost => ({
  lines(file) {
    const path = join(sourceFolder(fixture(name)), file.path.replace(/^\/build\//, ""));
    const found = file.path.startsWith("/build/") && existsSync(path);
    return Promise.resolve(found ? readFileSync(path, "utf8").split("\n") : undefined);
  },
});

function consoleOf(name: string, settings: Partial<Settings> = {}): Console {
  const found = fixture(name);
  const crash = openCrash({
    dump: new MemorySource(found.dump, loadDump(found)),
    main: { module: { source: new MemorySource(found.module, loadModule(found)), path: found.module } },
  });
  return new Console(crash, sourcesOf(name), settings);
}

/** What a user sees who types these lines. */
async function transcript(console: Console, lines: readonly string[]): Promise<string> {
  const shown: string[] = [];
  for (const line of lines) {
    shown.push(`> ${line}`);
    try {
      const text = await console.run(line);
      if (text !== "") shown.push(text);
    } catch (error) {
      if (!(error instanceof ConsoleError || error instanceof ExpressionError)) throw error;
      shown.push(`! ${error.message}`);
    }
  }
  return `${shown.join("\n").replace(/[ \t]+$/gm, "")}\n`;
}

async function holdsGolden(name: string, text: string): Promise<void> {
  const path = join(__dirname, "../golden/console", `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"));
}

const SESSIONS: Readonly<Record<string, readonly string[]>> = {
  "rust-classic": [
    "bt 14",
    "bt -2",
    "frame",
    "info args",
    "p value",
    "p value - 10",
    "up",
    "info args",
    "info locals",
    "p *thing",
    "p thing.value * 2",
    "p $1",
    "p/x $$",
    "p/t value",
    "p thing.valu",
    "whatis thing",
    "whatis *thing",
    "ptype thing",
    "output thing.value",
    "info frame",
    "info line",
    "list",
    "list",
    "list -",
    "list 3,5",
    "list 999",
    "x/2xw thing",
    "x/8xb thing",
    "x/2dh thing",
    "x/1i",
    "disassemble/s",
    "info registers",
    "info globals",
    "info threads",
    "info process",
    "info sharedlibrary",
    "info imports",
    "info functions ^app::",
    "info types ^MyThing$",
    "info symbol 2",
    "info symbol calculate",
    "info address thing",
    "info address process_thing",
    "info scope process_thing",
    "info line calculate",
    "info line main.rs:12",
    "info line 3",
    "info source",
    "list calculate",
    "list main.rs:17",
    "list calculate,9",
    "frame function main",
    "frame calculate",
    "frame level 13",
    "frame apply 2 info locals",
    "frame apply -2 p thing",
    "disassemble calculate",
    "x/2i calculate",
    "p *thing@1",
    "p/t *thing",
    "p $1 + 2",
    "show values",
    "set $x = 1",
    "info registers $local1",
    "info types ^(usize|Vec<u8>)",
    'find "result: "',
    "down",
    "down 99",
    "down",
    "thread 1",
    "thread 2",
  ],
  "c-shapes-o0-dwarf5": [
    "bt",
    "bt full 3",
    "f 5",
    "info locals",
    "f 6",
    "info locals",
    "set print pretty on",
    "p *root",
    "p root",
    "set print pretty off",
    "p *root",
    "show print pretty",
    "set print address off",
    "p root",
    "p text",
    "p operation",
    "set print symbol off",
    "p operation",
    "set print address on",
    "p operation",
    "show print addr",
    "set print symbol on",
    "set print object on",
    "set print object off",
    "set p el 2",
    "p path",
    "show print elements",
    "set print elements unlimited",
    "show print",
    "set print",
    "set print a on",
    "p sizeof(struct tree)",
    "ptype root",
    "ptype enum mood",
    "ptype struct flags",
    "info variables global",
    "info symbol &global_count",
    "p global_name",
    "x/s global_name",
    "p/x device_state",
    "find/w device_state",
    'find global_name, +64, "mortem"',
    "find 0x12345678abc",
    "p (struct point *)0x3fcc",
    "info types",
    "info functions ^(descend|scalars)$",
    "info symbol 0x40e8",
    "info scope load",
    "list load",
    "info address global_name",
    "info address load",
    "info address descend",
    "p/x *root",
    "p/o *root",
    "p/u global_count - 50",
    "p/c 65",
    "p/f 0x40500000",
    "p/x root->key@2",
    "x/2xw &global_count",
    "x",
    "x/4c global_name",
    "x/a &global_name",
    "x/2f &global_count",
    "x/2o &global_count",
    "x/2u &global_count",
    'printf "%d of %s at %p, %5.2f|%-4c|%04x%%\\n", global_count, global_name, root, 2.5, 65, 255',
    'printf "%d"',
    "set print frame-arguments scalars",
    "bt 3",
    "set print frame-arguments presence",
    "bt 3",
    "set print frame-arguments all",
    "bt -full 1",
    "thread apply all bt 1",
    "set output-radix 16",
    "info args",
    "show",
  ],
  wasmgdb: [
    "bt",
    "f 9",
    "f 8",
    "info locals",
    "p thing",
    "p (*thing)",
    "p *thing",
    "p (*thing)->value",
    "p thing->value",
    "p/s thing",
    "p (MyThing) 0xffbc",
    "x/4 0xffbc",
    "x/16s 0x10000",
    'find "result: "',
    "find 0x10000, 0x20000, 0x3",
    "info symbol 12",
    "info types ^app::",
    "info functions ^app::",
    "info globals",
    "info process",
    "info imports",
    "run",
    "b 3",
  ],
  "cpp-shapes": [
    "f 1",
    "p points",
    "p points[0]@2",
    "p *&points[0]@2",
    "p $",
    "p $$2",
    "p -elements 3 -- numbers",
    "p numbers",
    "p -pretty on -max-depth 1 -- pair",
    "with print address off -- p owned",
    "with listsize 3 -- list library",
    "call some.value_or(0)",
    "p library",
    "p *library",
    "whatis library",
    "ptype library",
    "ptype/o geometry::Point",
    "set $first = points[0]",
    "p $first.x + 1",
    "set $local0 = 1",
    "p $unheard",
    "p $pc",
    "x/2i $pc",
    "show convenience",
    "x/4xw &points[0]",
    "p $_",
    "x/-2xw &points[1]",
    "x",
    "",
    "x/s &small",
    "p $_",
    "x/2dw &hidden",
    "x/-1s &small",
    "info symbol &hidden",
    "find/w &points[0], +24, 3",
    "p $_",
    "p $numfound",
    "x/dw $_",
    'find "short"',
    'find/1 "short"',
    "p $numfound",
    "find &hidden, +4, -12",
    "info scope cpp-shapes.cpp:97",
    "info scope largest<double>",
    "info locals ^zz",
    "info frame 3",
    "info frame function main",
    "info files",
    "info proc mappings",
    "info sources cpp-shapes",
    "list *0x384",
    "search nobody",
    "",
    "rev captured = 31",
    "search nothing of that",
    "faas p seed",
    "frame apply level 1-2 -q p seed",
    "frame apply 2 -s p seed",
    "frame apply all",
    "taas p seed",
    "tfaas p seed",
    "thread apply 1 -q p 1",
    "thread apply 1-3 p 1",
    "thread apply 7 p 1",
    "up-silently",
    "frame",
    "down-silently 1",
    "info locals ^so",
    "complete info s",
    "complete thread apply all -q info sh",
    "complete with print pretty on -- dis",
    "apropos linespec|wasmgdb|picture",
    "apropos build id",
    "info nothing",
    "display some",
  ],
  "what goes wrong": [
    "nonsense",
    "info",
    "info nothing",
    "help nothing",
    "x",
    "x/99q 1",
    "p",
    "p 1 +",
    "frame 99",
    "set nothing 1",
    "set print elements many",
    "set var value = 3",
    "continue",
    "list foo",
    "find",
    "ptype nothing",
    "thread two",
    "",
    "# a comment",
  ],
};

const FIXTURES: Readonly<Record<string, string>> = {
  wasmgdb: "rust-classic",
  "what goes wrong": "rust-classic",
};

describe("the console", () => {
  for (const [name, lines] of Object.entries(SESSIONS)) {
    it(`answers as its transcript says: ${name}`, async () => {
      const console = consoleOf(FIXTURES[name] ?? name, { wasmgdb: name === "wasmgdb" });
      await holdsGolden(name.replaceAll(" ", "-"), await transcript(console, lines));
    });
  }

  it("counts frames as wasmgdb itself does, with --wasmgdb", async () => {
    const produced = dumpsOf("rewriter-0.2.2").find((one) => one.fixture.name === "rust-classic")!;
    const module = loadModule(produced.fixture);
    const crash = openCrash({
      dump: new MemorySource("dump", loadProduced(produced)),
      main: { module: { source: new MemorySource("app.wasm", module), path: "app.wasm" } },
    });
    const console = new Console(crash, sourcesOf("rust-classic"), { wasmgdb: true });
    const stack = [...wasmgdbStack().matchAll(/^#(\d+)\t(\d+) as /gm)];
    assert.equal(stack.length, 20);
    for (const [, number, index] of stack) {
      await console.run(`f ${number}`);
      assert.match(await console.run("info frame"), new RegExp(`wasm-function\\[${Number(index)}\\]`));
    }
  });

  it("stands at the program's own frame at first, and keeps its frame between commands", async () => {
    const console = consoleOf("rust-classic");
    assert.match(await console.run("frame"), /calculate \(value=3\)/);
    await console.run("up");
    assert.match(await console.run("p *thing"), /\$1 = MyThing \{value: 3\}/);
    assert.match(await console.run("info frame"), /process_thing/);
  });

  it("repeats the last command when the line is empty, and goes on with list and x", async () => {
    const console = consoleOf("c-shapes-o0-dwarf5");
    await console.run("list 1,3");
    assert.match(await console.run(""), /^4 /);
    await console.run("x/2xb &global_count");
    const [first] = (await console.run("x/1xb &global_count")).split(":");
    assert.equal(
      Number((await console.run("")).split(":")[0]!.split(" ")[0]),
      Number(first!.split(" ")[0]) + 1,
    );
    await console.run("p 1 + 1");
    assert.equal(await console.run(""), "$2 = 2");
  });

  it("completes commands, subcommands and expressions", () => {
    const console = consoleOf("rust-classic");
    console.frame += 1;
    const texts = (line: string) => console.complete(line, line.length).map(({ text }) => text);
    assert.deepEqual(texts("disa"), ["disassemble"]);
    assert.deepEqual(texts("info sh"), ["sharedlibrary"]);
    assert.deepEqual(texts("p thi"), ["thing"]);
    assert.deepEqual(texts("p/x thing.va"), ["value"]);
    assert.deepEqual(texts("frame apply all -q p thi"), ["thing"]);
    assert.deepEqual(texts("with print pretty on -- info sh"), ["sharedlibrary"]);
    assert.deepEqual(texts("list calc"), ["calculate"]);
    assert.deepEqual(texts("list thi"), [], "a place of the source is a function's, and no variable's");
    assert.deepEqual(texts("info line process_t"), ["process_thing"]);
    assert.deepEqual(texts("info symbol thi"), ["thing"]);
    assert.deepEqual(console.complete("p/x thing.va", 12)[0], { text: "value", start: 10, length: 2 });
  });

  it("prints a huge value within its limits", async () => {
    const console = consoleOf("c-shapes-o0-dwarf5");
    await console.run("f 6");
    await console.run("set print elements 3");
    const text = await console.run("p (unsigned char[60000])64");
    assert.match(text, /… 59997 more$/);
    assert.ok(text.split("\n").length < 10);
  });

  it("knows every command that help lists, and never leaves one without a summary", async () => {
    const console = consoleOf("rust-classic");
    for (const { names, summary } of console.commands) {
      if (summary === "") continue;
      assert.match(await console.run(`help ${names[0]}`), new RegExp(`^${names[0]}`));
    }
  });
});
