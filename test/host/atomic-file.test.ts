/** A file that is written whole or not at all, whatever happens meanwhile. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { AtomicFile } from "../../host/atomic-file";
import { HostError } from "../../host/host";

describe("a file that is replaced at once", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
    path = join(folder, "app.wasm");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (text: string, where = path): AtomicFile => {
    const file = new AtomicFile(where);
    file.write(Buffer.from(text));
    return file;
  };

  it("is the old one until all is written, and the new one then", () => {
    writeFileSync(path, "old");
    const file = written("new ");
    assert.equal(readFileSync(path, "utf8"), "old");
    file.write(Buffer.from("and whole"));
    AtomicFile.commit([file]);
    file.discard();
    assert.equal(readFileSync(path, "utf8"), "new and whole");
    assert.deepEqual(readdirSync(folder), ["app.wasm"]);
  });

  it("is the old one when what was written is given up, and nothing is left beside", () => {
    writeFileSync(path, "old");
    written("new").discard();
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), ["app.wasm"]);
  });

  it("is the old one when the process is killed in the middle", async () => {
    writeFileSync(path, "old");
    const program = `
      const { AtomicFile } = require("./host/atomic-file");
      const file = new AtomicFile(${JSON.stringify(path)});
      file.write(Buffer.alloc(1 << 20, "new"));
      console.log("half");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "-e", program], {
      cwd: join(__dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    await Promise.race([once(child.stdout, "data"), exited]);
    assert.ok(child.kill("SIGKILL"), "it waits in the middle");
    await exited;
    assert.equal(readFileSync(path, "utf8"), "old");
  });

  it("keeps its permissions, and a link to it stays a link", () => {
    writeFileSync(path, "old");
    chmodSync(path, 0o754);
    const link = join(folder, "link.wasm");
    symlinkSync("app.wasm", link);
    AtomicFile.commit([written("new", link)]);
    assert.equal(readlinkSync(link), "app.wasm");
    assert.equal(readFileSync(path, "utf8"), "new");
    assert.equal(statSync(path).mode & 0o777, 0o754);
  });

  it("is not there when it cannot be, with what is wrong", () => {
    const refused = (where: string, message: RegExp): void => {
      assert.throws(
        () => new AtomicFile(where),
        (error) => error instanceof HostError && message.test(error.message),
      );
    };
    writeFileSync(path, "old");
    refused(folder, /is a folder/);
    refused("/dev/null", /is no regular file/);
    refused(join(folder, "absent", "app.wasm"), /its folder does not exist/);
    refused(join(path, "app.wasm"), /what should be its folder is a file/);
    assert.deepEqual(readdirSync(folder), ["app.wasm"]);
  });

  it("and another appear only when both are whole", () => {
    const other = join(folder, "debug.wasm");
    const files = [written("debug", other), written("module")];
    assert.ok(!existsSync(other) && !existsSync(path));
    AtomicFile.commit(files);
    assert.equal(readFileSync(other, "utf8") + readFileSync(path, "utf8"), "debugmodule");
  });
});
