import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Triage } from "../../engine/postmortem/triage";
import { dumpPath, fixture, loadModule, modulePath } from "../fixtures";

const root = join(__dirname, "../..");

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const cli = spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  const err = cli.stderr.replace(/^npm warn.*\n/gm, "");
  return { status: cli.status, out: cli.stdout, err };
}

describe("wasm-postmortem triage", function () {
  this.timeout(60_000);
  const classic = fixture("rust-classic");
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-cli-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("says the reason, shows the crash line in its five lines of source, the stack and the variables", () => {
    const { status, out, err } = run("triage", modulePath(classic), dumpPath(classic));
    assert.equal(err, "");
    assert.equal(status, 0);
    const lines = out.split("\n");
    assert.equal(lines[0], "attempt to subtract with overflow");
    assert.equal(lines[1], "  panicked at src/main.rs:8:5");
    const source = lines.findIndex((line) => line.startsWith("app::calculate at "));
    assert.deepEqual(lines.slice(source + 1, source + 6), [
      "   6 |",
      "   7 | fn calculate(value: usize) -> usize {",
      ">  8 |     value - 10",
      "   9 | }",
      "  10 |",
    ]);
    assert.match(out, /^> #\d+ +app::calculate\(value=3\) at \/build\/src\/main\.rs:8:5$/m);
    assert.match(out, /^ {2}#\d+ +app::process_thing\(thing=&MyThing \{value: 3\}\) at /m);
    assert.match(out, /^Arguments\n {2}value: usize = 3$/m);
    assert.ok(!out.includes("\x1b"), "no colours when the output is piped");
  });

  it("prints the same as JSON for programs", () => {
    const { status, out } = run("triage", "--json", modulePath(classic), dumpPath(classic));
    assert.equal(status, 0);
    const facts = JSON.parse(out) as Triage & { source: { lines: { number: number; crash: boolean }[] } };
    assert.equal(facts.format, "wasm-postmortem.triage");
    assert.equal(facts.reason.language, "rust-panic");
    const frame = facts.frames[facts.crashFrame!]!;
    assert.deepEqual([frame.function, frame.line, frame.column], ["app::calculate", 8, 5]);
    assert.deepEqual(facts.variables, [
      { name: "Arguments", variables: [{ name: "value", type: "usize", value: "3", available: true }] },
    ]);
    assert.deepEqual(facts.source.lines.find(({ crash }) => crash)?.number, 8);
    assert.match(facts.modules[0]!.buildId ?? "", /^[0-9a-f]{32}$/);
    assert.deepEqual(facts.warnings, []);
  });

  it("finds sources that were moved, by a prefix that the user maps", () => {
    const c = fixture("c-shapes-o0-dwarf5");
    const { out } = run(
      "triage",
      "--source-map",
      `/build=${join(root, c.folder)}`,
      modulePath(c),
      dumpPath(c),
    );
    assert.match(out, /^> 95 \| {3}return from\[scaled\]; \/\/ crash here$/m);
  });

  it("finds debug information that was split off, by build id in a folder", () => {
    const bytes = loadModule(fixture("c-shapes-o0-dwarf5"));
    const stripped = join(folder, "stripped.wasm");
    writeFileSync(stripped, withoutDwarf(bytes));
    writeFileSync(join(folder, "debug-of-it.wasm"), bytes);
    const dump = dumpPath(fixture("c-shapes-o0-dwarf5"));
    const without = run("triage", stripped, dump);
    assert.match(without.out, /No debug information for .*: the module has no DWARF sections/);
    assert.match(without.out, /wasm-function\[\d+\]:0x/);
    const found = run("triage", "--debug-info", folder, stripped, dump);
    assert.match(found.out, /load\(from=0x7fff0000, index=8\)/);
    assert.doesNotMatch(found.out, /warning/);
  });

  it("explains each kind of wrong file in one line, with a status for scripts", () => {
    const text = join(folder, "notes.txt");
    writeFileSync(text, "not WebAssembly at all");
    const cases: [string[], RegExp][] = [
      [[modulePath(classic), join(folder, "absent.coredump")], /absent\.coredump does not exist/],
      [[modulePath(classic), folder], /is a folder/],
      [[modulePath(classic), text], /notes\.txt/],
      [[text, dumpPath(classic)], /notes\.txt/],
      [[modulePath(classic), modulePath(classic)], /is a WebAssembly module, not a core dump/],
    ];
    for (const [files, message] of cases) {
      const { status, out, err } = run("triage", ...files);
      assert.equal(status, 2, err);
      assert.equal(out, "");
      assert.match(err, message);
      assert.equal(err.trim().split("\n").length, 1, err);
    }
  });

  it("tells how it is used when it is used wrongly", () => {
    const { status, err } = run("triage");
    assert.notEqual(status, 0);
    assert.match(err, /missing required argument 'module'/);
  });
});

/** The module without its `.debug_*` sections, cut by their headers alone. */
function withoutDwarf(bytes: Uint8Array): Uint8Array {
  const kept = [bytes.subarray(0, 8)];
  const leb = (at: number): [value: number, next: number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return [value, at];
    }
  };
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = leb(at + 1);
    const [nameLength, nameStart] = leb(start);
    const name = String.fromCharCode(...bytes.subarray(nameStart, nameStart + Math.min(nameLength, 32)));
    if (bytes[at] !== 0 || !name.startsWith(".debug_")) kept.push(bytes.subarray(at, start + size));
    at = start + size;
  }
  return Buffer.concat(kept);
}
