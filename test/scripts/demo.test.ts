/**
 * `npm run demo` as whoever meets the project first runs it: in a terminal with VS Code, without it, and piped. It runs
 * in a copy of the repository, since it builds; the editor is a stub that keeps what it was called with.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { eventually } from "../vscode/support/waiting";

const repository = join(__dirname, "../..");

/** Answers `--version`; else keeps its arguments, one a line, once its terminal is closed. */
const STUB = `#!/bin/sh
here=$(dirname "$0")
[ "$1" = --version ] && exit
for attempt in $(seq 600); do
  [ -e "$here/closed" ] && break
  sleep 0.1
done
printf '%s\\n' "$@" > "$here/opened.part"
mv "$here/opened.part" "$here/opened"
`;

describe("npm run demo", function () {
  this.timeout(120_000);
  let folder: string;
  /** The copy, which shares all but what the demo writes or looks for. */
  let root: string;
  /** What is in PATH before all else. */
  let programs: string;
  const place = (name: string): string => join(programs, name);

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wasm-postmortem-demo-")));
    root = join(folder, "repository");
    mkdirSync(join(root, "test"), { recursive: true });
    symlinkSync(join(repository, "test", "fixtures"), join(root, "test", "fixtures"));
    cpSync(join(repository, "scripts"), join(root, "scripts"), { recursive: true });
    for (const name of readdirSync(repository))
      if (!["dist", "scripts", "test"].includes(name) && !name.startsWith("."))
        symlinkSync(join(repository, name), join(root, name));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    programs = mkdtempSync(join(folder, "programs-"));
  });

  function putEditor(): void {
    writeFileSync(place("code"), STUB);
    chmodSync(place("code"), 0o755);
  }

  describe("piped", () => {
    /** Runs with no other programs in PATH than the stub's shell needs. */
    function demo(): string {
      const shell = ["/bin", "/usr/bin"].filter((bin) => !existsSync(join(bin, "code")));
      const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/demo.mjs"], {
        cwd: root,
        encoding: "utf8",
        env: { PATH: [programs, ...shell].join(":") },
      });
      assert.equal(status, 0, stderr);
      return stdout;
    }

    it("tells why and where the Rust program crashed, and how VS Code opens on it, but does not open it", () => {
      putEditor();
      writeFileSync(place("closed"), "");
      const out = demo();
      assert.match(out, /\nattempt to subtract with overflow\n/);
      assert.match(out, /app::calculate at [^\n]*src\/main\.rs:8\b[\s\S]*\n> +8 \| +value - 10\n/);
      const how = `code --extensionDevelopmentPath=${root} ${join(root, "examples/rust-classic")};`;
      assert.ok(out.includes(`To stand at the crash line in VS Code: ${how}`), out);
      assert.equal(existsSync(place("opened")), false);
    });

    it("offers the package where there is no VS Code, and the tests' VS Code where that is installed", () => {
      assert.match(demo(), /in VS Code: npm run package, and install the \.vsix there;/);
      const server = join(root, "test/vscode/newest/node_modules/code-server/lib/vscode/node_modules");
      mkdirSync(server, { recursive: true });
      assert.match(demo(), /in VS Code: npm run demo in a terminal;/);
    });
  });

  describe("at a terminal", () => {
    const tmux = (...args: string[]): string => {
      const done = spawnSync("tmux", ["-S", place("socket"), "-f", place("tmux.conf"), ...args], {
        encoding: "utf8",
      });
      assert.equal(done.error, undefined, "tmux is missing: install it (Debian: apt-get install tmux)");
      assert.equal(done.status, 0, `tmux ${args.join(" ")}: ${done.stderr}`);
      return done.stdout;
    };
    const ended = (): boolean => tmux("list-panes", "-F", "#{pane_dead}").trim() === "1";
    const screen = (): string => tmux("capture-pane", "-p", "-S", "-");

    /** Runs until it gives the terminal back. @returns what it says */
    async function demo(environment: readonly string[]): Promise<string> {
      putEditor();
      writeFileSync(place("tmux.conf"), "set -g remain-on-exit on\n");
      const path = `PATH=${programs}:${process.env["PATH"]}`;
      const line = ["env", "-u", "CI", path, ...environment, process.execPath, "scripts/demo.mjs"];
      const session = ["new-session", "-d", "-x", "150", "-y", "40", "-c", root];
      tmux(...session, line.map((word) => `'${word}'`).join(" "));
      await eventually(async () => assert.ok(ended(), screen()), 60_000);
      return screen();
    }

    afterEach(() => {
      spawnSync("tmux", ["-S", place("socket"), "kill-server"]);
    });

    it("opens VS Code with the extension on the crashed program's folder, and leaves it open", async () => {
      assert.match(await demo([]), /VS Code opens on the demo: press F5 to stand at the crash line\./);
      assert.equal(existsSync(place("opened")), false, "the editor is still open");
      tmux("kill-server");
      writeFileSync(place("closed"), "");
      await eventually(async () => assert.ok(existsSync(place("opened")), "the editor lives on"));
      assert.deepEqual(readFileSync(place("opened"), "utf8").trim().split("\n"), [
        `--extensionDevelopmentPath=${root}`,
        join(root, "examples/rust-classic"),
      ]);
    });

    it("opens nothing in a job of CI", async () => {
      writeFileSync(place("closed"), "");
      assert.match(await demo(["CI=1"]), /To stand at the crash line in VS Code: code --extension/);
      assert.equal(existsSync(place("opened")), false);
    });
  });
});
