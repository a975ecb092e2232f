/** What is said of programs that their language's runtime ended, held against their sources. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { type Ending, endings, loadEndingDump, loadEndingModule } from "../fixtures/reasons";
import { stripped } from "./support/recovered";

const modules = new Map<string, MemorySource>();

function moduleOf(ending: Ending): MemorySource {
  const known = modules.get(ending.module);
  if (known !== undefined) return known;
  const source = new MemorySource(ending.module, loadEndingModule(ending));
  modules.set(ending.module, source);
  return source;
}

describe("the reason of a program that ended itself", () => {
  const titles: Readonly<Record<string, string>> = {
    "throws-imported": "what Emscripten's host was given: the exception's type and value, the assertion",
    "throws-wasm": "an exception of WebAssembly by its header in memory",
    aborts: "AssemblyScript's message and place, in the host's call",
    panics: "the panic's message as its formatters would have written it, and its place",
  };
  for (const [module, title] of Object.entries(titles)) {
    describe(title, () => {
      for (const ending of endings.filter((one) => one.module === module)) {
        it(ending.end, () => {
          const dump = new MemorySource(ending.end, loadEndingDump(ending));
          const { reason } = openCrash({
            dump,
            main: { module: { path: ending.module, source: moduleOf(ending) } },
          });
          assert.equal(reason.title, ending.reason.title);
          assert.equal(reason.language ?? null, ending.reason.language);
          if (ending.reason.details !== undefined) assert.deepEqual(reason.details, ending.reason.details);
        });
      }
    });
  }
});

describe("the reason of a program that threw, in a dump without registers", () => {
  for (const ending of endings.filter(({ reason }) => reason.language === "cpp-exception")) {
    it(`has the exception's type: ${ending.module}, ${ending.end}`, () => {
      const dump = new MemorySource(ending.end, stripped(loadEndingDump(ending)));
      const { reason } = openCrash({
        dump,
        main: { module: { path: ending.module, source: moduleOf(ending) } },
      });
      const [, type] = /^(uncaught exception (?:[^:]|::)+)/.exec(ending.reason.title)!;
      assert.ok(type !== undefined && reason.title.startsWith(type), reason.title);
      assert.ok(ending.reason.title.startsWith(reason.title), reason.title);
    });
  }
});
