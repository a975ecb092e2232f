import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { LaunchArguments } from "../../host/launch";
import { SourceLocator } from "../../host/source-locator";

function locator(files: readonly string[], args: Partial<LaunchArguments> = {}) {
  const checks: string[] = [];
  const host = {
    exists: (path: string) => {
      checks.push(path);
      return Promise.resolve(files.includes(path));
    },
  };
  return { checks, locator: new SourceLocator(host, { coreFile: "/dumps/a.coredump", ...args }) };
}

const find = (files: readonly string[], path: string, args: Partial<LaunchArguments> = {}, own = true) =>
  locator(files, args).locator.locate(path, own);

describe("finding sources", () => {
  const program = "/home/me/app/target/wasm32-wasip1/debug/app.wasm";

  it("takes the path as it is when the program was built here", async () => {
    assert.equal(await find(["/build/src/main.rs"], "/build/src/main.rs"), "/build/src/main.rs");
  });

  it("applies the longest prefix of sourceMap, at whole names", async () => {
    const sourceMap = { "/build": "/wrong", "/build/app": "/home/me/app", "/build/ap": "/wrong" };
    const files = ["/home/me/app/src/main.rs", "/wrong/app/src/main.rs"];
    assert.equal(await find(files, "/build/app/src/main.rs", { sourceMap }), files[0]);
    assert.equal(await find(files, "/build/application/src/main.rs", { sourceMap }), undefined);
  });

  it("prefers the user's mapping to a file that happens to be at the original path", async () => {
    const files = ["/build/src/main.rs", "/home/me/app/src/main.rs"];
    assert.equal(
      await find(files, "/build/src/main.rs", { sourceMap: { "/build": "/home/me/app" } }),
      files[1],
    );
  });

  it("maps relative paths of a prefix-mapped build", async () => {
    assert.equal(
      await find(["/home/me/app/a.c"], "./a.c", { sourceMap: { "": "/home/me/app" } }),
      "/home/me/app/a.c",
    );
  });

  it("finds a container's path in the folder above the program", async () => {
    assert.equal(
      await find(["/home/me/app/src/main.rs"], "/build/src/main.rs", { program }),
      "/home/me/app/src/main.rs",
    );
  });

  it("prefers the longest end of the path", async () => {
    const files = ["/home/me/app/main.rs", "/home/me/app/src/main.rs"];
    assert.equal(await find(files, "/build/src/main.rs", { workspaceFolders: ["/home/me/app"] }), files[1]);
  });

  it("does not leave the workspace", async () => {
    const { locator: inside, checks } = locator([], { program, workspaceFolders: ["/home/me/app"] });
    await inside.locate("/build/src/main.rs", true);
    assert.deepEqual(
      checks.filter((path) => !path.startsWith("/home/me/app/")),
      ["/build/src/main.rs"],
    );
  });

  it("does not take the program's lib.rs for a library's", async () => {
    const files = ["/home/me/app/src/lib.rs", "/home/me/app/vendor/dep/src/lib.rs"];
    const args = { workspaceFolders: ["/home/me/app"] };
    assert.equal(await find(files, "/registry/dep-1.0/src/lib.rs", args, false), undefined);
    assert.equal(await find(files, "/registry/vendor/dep/src/lib.rs", args, false), files[1]);
  });

  it("understands paths of a Windows build, and of a file system without drives", async () => {
    const args = { workspaceFolders: ["vscode-vfs://github/me/app"] };
    const files = ["vscode-vfs://github/me/app/src/main.c"];
    assert.equal(await find(files, "C:\\build\\src\\main.c", args), files[0]);
    assert.equal(
      await find(["D:\\work\\main.c"], "C:\\build\\main.c", { sourceMap: { "C:\\build": "D:\\work" } }),
      "D:\\work\\main.c",
    );
  });

  it("asks the file system once for a path", async () => {
    const { locator: one, checks } = locator(["/build/a.c"]);
    await Promise.all([one.locate("/build/a.c", true), one.locate("/build/a.c", true)]);
    await one.locate("/build/a.c", true);
    assert.deepEqual(checks, ["/build/a.c"]);
  });
});
