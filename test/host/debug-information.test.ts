/** Debug information beside the module: where it is found, and what is said of it when it is not, or of another build. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { MemorySource } from "../../engine/bytes/source";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import type { LaunchArguments } from "../../host/launch";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";

const units = join(__dirname, "../fixtures/c-units");
const folders: string[] = [];
const host = new NodeHost();
after(() => {
  host.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with these files: the path in it → the path among the fixtures. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  folders.push(folder);
  for (const [path, fixture] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), readFileSync(join(units, fixture)));
  }
  return folder;
}

interface Seen {
  readonly names: readonly string[];
  readonly lines: readonly number[];
  readonly arguments: readonly number[];
  readonly warnings: string;
}

async function open(folder: string, more: Partial<LaunchArguments> = {}): Promise<Seen> {
  const args = { program: join(folder, "app.wasm"), coreFile: join(folder, "app.coredump"), ...more };
  const crash: Crash = await openCrash(args, host);
  return settle(() => {
    const frames = crash.threads[0]!.frames();
    return {
      names: frames.map(({ name }) => name),
      lines: frames.map(({ location }) => location?.line ?? 0),
      arguments: frames.map(({ parameters }) => parameters.length),
      warnings: crash.warnings.join("\n"),
    };
  });
}

/** A custom section of a module, header and all. */
function customSection(module: Uint8Array, name: string): Uint8Array {
  const contents = WasmModule.open(new MemorySource("module", module)).customSection(name)!;
  const body = [name.length, ...Buffer.from(name), ...contents.read(0, contents.size)];
  return Uint8Array.from([0, body.length, ...body]);
}

const app = (form: string) => ({ "app.wasm": `${form}/app.wasm`, "app.coredump": `${form}/app.coredump` });
const complete = (seen: Seen): void => {
  assert.deepEqual([...new Set(seen.names)], ["peek", "settle", "open_accounts", "run"]);
  assert.equal(seen.warnings, "");
};

for (const version of [4, 5]) {
  const form = `split-dwarf${version}-o0`;
  const other = `split-dwarf${version}-o2/objects`;

  describe(`split debug information of DWARF ${version}`, () => {
    it("is found by the base name beside the module, wherever the path that it was built at points", async () => {
      const form = `split-dwarf${version}-o2`;
      const files = { "main.dwo": `${other}/main.dwo`, "ledger.dwo": `${other}/ledger.dwo` };
      complete(await open(folderWith({ ...app(form), ...files })));
    });

    it("is found where the user's sourceMap leads, and in a folder that he gives", async () => {
      const files = { "main.dwo": `${form}/main.dwo`, "ledger.dwo": `${form}/ledger.dwo` };
      const [program, elsewhere] = [folderWith(app(form)), folderWith(files)];
      complete(await open(program, { sourceMap: { "/build": elsewhere } }));
      complete(await open(program, { debugInfo: [elsewhere] }));
      complete(await open(program, { debugInfo: Object.keys(files).map((file) => join(elsewhere, file)) }));
    });

    it("in a package is found by either of the module's names, or given", async () => {
      const form = `packed-dwarf${version}-o0`;
      for (const name of ["app.wasm.dwp", "app.dwp"])
        complete(await open(folderWith({ ...app(form), [name]: `${form}/app.wasm.dwp` })));
      const elsewhere = folderWith({ "all.dwp": `${form}/app.wasm.dwp` });
      complete(await open(folderWith(app(form)), { debugInfo: [join(elsewhere, "all.dwp")] }));
      complete(await open(folderWith(app(form)), { debugInfo: [elsewhere] }));
    });

    it("that is missing leaves lines, and is named", async () => {
      const seen = await open(folderWith({ ...app(form), "ledger.dwo": `${form}/ledger.dwo` }));
      assert.deepEqual(seen.lines, (await open(join(units, form))).lines);
      const main = seen.names.findIndex((name) => name.includes("open_accounts"));
      assert.equal(seen.arguments[0], 2);
      assert.equal(seen.arguments[main], 0);
      assert.match(seen.warnings, /main\.dwo.* was not found/);
      assert.doesNotMatch(seen.warnings, /ledger/);
    });

    it("of another build is not used, and named", async () => {
      const files = { "main.dwo": `${other}/main.dwo`, "ledger.dwo": `${form}/ledger.dwo` };
      const seen = await open(folderWith({ ...app(form), ...files }));
      assert.match(seen.warnings, /main\.dwo, is not in .*main\.dwo.*of another build/s);
      const main = seen.names.findIndex((name) => name.includes("open_accounts"));
      assert.equal(seen.arguments[main], 0);
      assert.notEqual(seen.lines[main], 0);
    });

    it("of another build is passed over for the right one", async () => {
      const files = {
        "app.dwp": `packed-dwarf${version}-o2/app.wasm.dwp`,
        "main.dwo": `${form}/main.dwo`,
        "ledger.dwo": `${form}/ledger.dwo`,
      };
      complete(await open(folderWith({ ...app(form), ...files })));
    });

    it("that is damaged is not used, and what is sound is", async () => {
      const folder = folderWith({ ...app(form), "ledger.dwo": `${form}/ledger.dwo` });
      writeFileSync(join(folder, "main.dwo"), "no module");
      const seen = await open(folder);
      assert.match(seen.warnings, /main\.dwo/);
      assert.equal(seen.arguments[0], 2);
    });
  });
}

describe("the file that external_debug_info names", () => {
  const debug = "external/symbols/app.debug.wasm";

  it("is found at the path from the module's folder, and beside the module by its base name", async () => {
    complete(await open(folderWith({ ...app("external"), "symbols/app.debug.wasm": debug })));
    complete(await open(folderWith({ ...app("external"), "app.debug.wasm": debug })));
  });

  it("is found in a folder by the build id, whatever its name", async () => {
    const elsewhere = folderWith({ "other.wasm": "types-dwarf5/app.wasm", "renamed.wasm": debug });
    const program = folderWith(app("external"));
    // The tool that kept the debug information has left the id out.
    const id = customSection(readFileSync(join(program, "app.wasm")), "build_id");
    const renamed = join(elsewhere, "renamed.wasm");
    writeFileSync(renamed, Buffer.concat([readFileSync(renamed), id]));
    complete(await open(program, { debugInfo: [elsewhere] }));
  });

  it("is taken as it is when it is given outright", async () => {
    const elsewhere = folderWith({ "renamed.wasm": debug });
    complete(await open(folderWith(app("external")), { debugInfo: [join(elsewhere, "renamed.wasm")] }));
  });

  it("of another build is not used, and both ids are told", async () => {
    const files = { "symbols/app.debug.wasm": "types-dwarf5/app.wasm" };
    const seen = await open(folderWith({ ...app("external"), ...files }));
    assert.match(
      seen.warnings,
      /app\.debug\.wasm belongs to another build \(build id \w+, the module has \w+\)/,
    );
    assert.ok(seen.arguments.every((count) => count === 0));
  });

  it("of another build is passed over for the right one", async () => {
    const files = { "symbols/app.debug.wasm": "types-dwarf5/app.wasm", "app.debug.wasm": debug };
    complete(await open(folderWith({ ...app("external"), ...files })));
  });

  it("that is missing is named", async () => {
    const seen = await open(folderWith(app("external")));
    assert.match(seen.warnings, /split off into symbols\/app\.debug\.wasm, which was not found/);
  });
});
