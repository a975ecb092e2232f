/**
 * Every variable that a fixture's source tells the value of, read back out of the core dump of a real crash.
 * Debug builds show all of them; optimised builds may lack some, and show none wrong.
 */
import assert from "node:assert/strict";
import { after, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { faultsOf } from "../fixtures/faults";
import { companionFixtures, dumpPath, everyFixture, modulePath } from "../fixtures/index";

describe("variables of real crashes", () => {
  const host = new NodeHost();
  after(() => host.close());

  for (const fixture of [...everyFixture, ...companionFixtures]) {
    it(`are what the source says: ${fixture.name}`, async () => {
      const crash = await openCrash({ program: modulePath(fixture), coreFile: dumpPath(fixture) }, host);
      assert.deepEqual(await settle(() => faultsOf(fixture, crash)), []);
    });
  }
});
