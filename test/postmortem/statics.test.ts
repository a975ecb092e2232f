/** The statics that a scope lists: all that the program has, and those that it has not by why. */
import assert from "node:assert/strict";
import { after, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { dumpPath, fixture, modulePath } from "../fixtures";

describe("the statics of a unit", () => {
  const host = new NodeHost();
  after(() => host.close());

  for (const name of ["c-statics/without-threads", "c-statics/with-threads"]) {
    it(`are listed with constants and thread-locals, and what was discarded as that: ${name}`, async () => {
      const program = fixture(name);
      const crash = await openCrash({ program: modulePath(program), coreFile: dumpPath(program) }, host);
      const listed = await settle(() => {
        const thread = crash.threads[0]!;
        const scope = thread
          .frames()
          [thread.crashFrame]!.scopes()
          .find(({ kind }) => kind === "statics");
        return new Map(scope!.variables().map((variable) => [variable.name, variable.value]));
      });
      const texts = await settle(() =>
        ["counter", "doubled", "sum", "plain", "limit"].map((static_) => listed.get(static_)?.text()),
      );
      assert.deepEqual(texts, ["7", "18", "17", "9", "17"]);
      assert.equal(listed.get("discarded")?.missing?.reason, "discarded");
      assert.equal(listed.size, 6);
    });
  }
});
