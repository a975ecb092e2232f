/**
 * `wasm-postmortem gdb` as its user meets it: piped, where it must be plain and its status told, and at a real
 * terminal (tmux), where it has a prompt, completion and history.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, before, beforeEach, describe, it } from "mocha";
import { dumpPath, fixture, modulePath } from "../fixtures";

const root = join(__dirname, "../..");
const crashed = fixture("rust-classic");
const files = [modulePath(crashed), dumpPath(crashed)];
const command = [process.execPath, "--import", "tsx", "cli/main.ts", "gdb"];

function run(input: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const [node, ...start] = command as [string, ...string[]];
  const cli = spawnSync(node, [...start, ...args, ...files], { cwd: root, encoding: "utf8", input });
  return { status: cli.status, out: cli.stdout, err: cli.stderr.replace(/^npm warn.*\n/gm, "") };
}

describe("wasm-postmortem gdb, piped", function () {
  this.timeout(120_000);

  it("answers commands in plain text and says nothing went wrong", () => {
    const { status, out, err } = run("up\np *thing\nquit\np thing\n", "--quiet");
    assert.equal(
      out,
      `${[
        "#13 app::process_thing (thing=&MyThing {value: 3}) at /build/src/main.rs:12",
        "12\t    let result = calculate(thing.value);",
        "$1 = MyThing {value: 3}",
      ].join("\n")}\n`,
    );
    assert.deepEqual([status, err], [0, ""]);
  });

  it("greets with why the program crashed, and where", () => {
    const { out } = run("");
    assert.match(out, /^Program terminated: attempt to subtract with overflow\n/);
    assert.match(out, /\n#12 app::calculate \(value=3\) at \/build\/src\/main\.rs:8\n/);
  });

  it("tells errors on standard error, goes on, and ends with status 1", () => {
    const { status, out, err } = run("nonsense\np value +\np value\n", "--quiet");
    assert.equal(out, "$1 = 3\n");
    assert.match(err, /^"nonsense" is no command/);
    assert.match(err, /a name is expected here[^\n]*\n {2}value \+\n {9}\^\n/);
    assert.equal(status, 1);
  });

  it("runs -ex commands in their order and leaves with --batch; a failed one gives status 1", () => {
    const good = run("p 7\n", "-batch", "-quiet", "-ex", "up", "-ex", "p thing.value");
    assert.match(good.out, /main\.rs:12\n[^\n]*\n\$1 = 3\n$/);
    assert.equal(good.status, 0);
    assert.equal(run("", "--batch", "-ex", "p nobody").status, 1);
    assert.match(
      run("", "--batch", "--quiet", "-ex", "show version").out,
      /^Wasm Postmortem \d+\.\d+\.\d+\n$/,
    );
  });

  it("runs files of commands in their order with the commands, and names the line that fails", () => {
    const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-gdb-"));
    const file = join(folder, "commands");
    try {
      writeFileSync(file, "# what to look at\n\nup\np thing.value\n!echo to the shell\n");
      const good = run(
        "",
        "-nx",
        "-q",
        "-batch",
        "-ex",
        "p value",
        "-x",
        file,
        "-ex",
        "pipe p $ + 1 | tr 4 5",
      );
      assert.match(good.out, /^\$1 = 3\n#13 [^\n]*\n[^\n]*\n\$2 = 3\nto the shell\n\$3 = 5\n$/);
      assert.equal(good.status, 0);
      writeFileSync(file, "p value\np nobody\np value\n");
      const bad = run(`source ${file}\nsource ${folder}/none\n`, "--quiet");
      assert.equal(bad.out, "$1 = 3\n");
      assert.match(
        bad.err,
        /commands:2: no variable “nobody” is in scope here\n.*none cannot be read: ENOENT/s,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("counts frames as wasmgdb does when it is told to", () => {
    const { out } = run("", "--batch", "--quiet", "--wasmgdb", "-ex", "f 8", "-ex", "p (*thing)->value");
    assert.match(out, /^#8 {2}app::process_thing[\s\S]*\$1 = 3\n$/);
  });
});

describe("wasm-postmortem gdb at a terminal", function () {
  this.timeout(120_000);
  let folder: string;
  let socket: string;
  const tmux = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], {
      encoding: "utf8",
    });
    assert.equal(status, 0, `tmux ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  /** What stands on the screen, without what is empty below. */
  const screen = (): string => tmux("capture-pane", "-p", "-t", "gdb").trimEnd();
  const keys = (...names: string[]): string => tmux("send-keys", "-t", "gdb", ...names);
  const sees = async (pattern: RegExp): Promise<void> => {
    const end = Date.now() + 40_000;
    while (!pattern.test(screen())) {
      assert.ok(Date.now() < end, `${pattern} is not on the screen:\n${screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const PROMPT = /\(wasm-postmortem\)$/;

  /** A shell that runs the program and tells its status. */
  async function start(session = "first"): Promise<void> {
    socket = join(folder, session);
    const line = [...command, "--quiet", ...files].map((word) => `'${word}'`).join(" ");
    tmux(
      ...["new-session", "-d", "-s", "gdb", "-x", "150", "-y", "40", "-c", root],
      ...["-e", `XDG_STATE_HOME=${folder}`, "-e", "NODE_NO_WARNINGS=1"],
      `sh -c "trap : INT; ${line}; echo status \\$?; sleep 100"`,
    );
    await sees(PROMPT);
  }

  before(() => {
    const { error } = spawnSync("tmux", ["-V"]);
    assert.equal(error, undefined, "tmux is missing: install it (Debian: apt-get install tmux)");
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-gdb-"));
  });
  afterEach(() => {
    for (const session of ["first", "next"]) spawnSync("tmux", ["-S", join(folder, session), "kill-server"]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers behind its prompt, in colours", async () => {
    await start();
    keys("frame", "Enter");
    await sees(/#12 app::calculate \(value=3\) at [^\n]*\n8\s+value - 10\n\(wasm-postmortem\)$/);
    const coloured = tmux("capture-pane", "-p", "-e", "-t", "gdb");
    assert.match(coloured.replaceAll("\u001b", ""), /\[36m(\[\d+m)*app::calculate\[39m/);
  });

  /** Types a beginning and Tab, one after the other: a Tab within pasted text is no key. */
  async function completes(typed: string, whole: string): Promise<void> {
    keys(typed);
    await sees(new RegExp(`\\) ${typed}$`));
    keys("Tab");
    await sees(new RegExp(`\\) ${whole}$`));
  }

  it("completes commands and expressions with Tab", async () => {
    await start();
    await completes("disa", "disassemble");
    keys("C-u");
    await completes("info sh", "info sharedlibrary");
    keys("C-u");
    await completes("p va", "p value");
    keys("Enter");
    await sees(/p value\n\$1 = 3\n/);
  });

  it("brings earlier commands back with the arrow key, in the next session as well", async () => {
    await start();
    keys("p value * 2", "Enter");
    await sees(/\$1 = 6\n/);
    keys("Up", "Enter");
    await sees(/\$2 = 6\n/);
    keys("quit", "Enter");
    await sees(/status 0$/);
    const path = join(folder, "wasm-postmortem/history");
    assert.equal(readFileSync(path, "utf8"), "p value * 2\nquit\n");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await start("next");
    keys("Up", "Up", "Enter");
    await sees(/p value \* 2\n\$1 = 6\n/);
  });

  it("gives a line up at Ctrl-C, and leaves at Ctrl-D", async () => {
    await start();
    keys("p nothing of that");
    await sees(/of that$/);
    keys("C-c");
    await sees(/of that\n\(wasm-postmortem\)$/);
    keys("p value", "Enter");
    await sees(/\$1 = 3\n\(wasm-postmortem\)$/);
    keys("C-d");
    await sees(/status 0$/);
  });

  it("leaves the terminal to a command while it works: the shell's may ask, and is ended by Ctrl-C", async () => {
    await start();
    keys("!stty -a | grep -o ' icanon'; read line; echo got $line", "Enter");
    await sees(/\n icanon$/);
    keys("a word", "Enter");
    await sees(/got a word\n\(wasm-postmortem\)$/);
    keys("p val", "Tab");
    await sees(/\) p value$/);
    keys("C-u");
    keys("!echo begun; sleep 100", "Enter");
    await sees(/\nbegun(\n|$)/);
    keys("C-c");
    await sees(/\n\(wasm-postmortem\)$/);
    keys("p value", "Enter");
    await sees(/\$1 = 3\n\(wasm-postmortem\)$/);
  });

  it("prints what is long at once, and tells errors among it", async () => {
    await start();
    keys("disassemble main", "Enter");
    await sees(/end\n\(wasm-postmortem\)$/);
    keys("p nobody", "Enter");
    await sees(/no variable “nobody” is in scope here\n {2}nobody\n {2}\^\n\(wasm-postmortem\)$/);
  });
});
