/**
 * Every variable of every frame of every fixture against what the source, the unoptimised build and V8 say of it
 * (bench/fidelity): none wrong, and in unoptimised builds none missing.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { besideLldb, fidelityDocument } from "../../bench/fidelity/document";
import type { FixtureCrash, ListedVariable } from "../../bench/fidelity/frames";
import { judgedFixtures, type Surveyed, study, survey } from "../../bench/fidelity/survey";
import { faultsOf } from "../../bench/fidelity/table";
import { judge } from "../../bench/fidelity/verdicts";
import { fixture } from "../fixtures/index";
import { hasDwarfdump } from "../support/dwarfdump";

describe("Variables of real crashes", () => {
  const surveyed: Surveyed[] = [];

  before(function () {
    if (!hasDwarfdump) this.skip();
  });

  for (const fixture of judgedFixtures) {
    it(`are what the source says: ${fixture.name}`, async () => {
      const result = await survey(fixture);
      surveyed.push(result);
      assert.deepEqual(faultsOf(result), []);
      if (fixture.level === "release" || fixture.withoutLocals === true) return;
      const lacking = result.variables.filter(({ outcome }) => outcome === "missing");
      assert.deepEqual(
        lacking.map(({ function: name, name: variable, why }) => `${name} ${variable}: ${why}`),
        [],
      );
      assert.equal(result.statics.right, result.statics.expected, "statics");
    });
  }

  it("are counted in docs/FIDELITY.md (npm run fidelity writes it)", () => {
    const document = readFileSync(join(__dirname, "../../docs/FIDELITY.md"), "utf8");
    const isSo = document === fidelityDocument(surveyed, besideLldb(document));
    assert.ok(isSo, "docs/FIDELITY.md tells other fixtures or results: `npm run fidelity` writes it anew");
  });
});

describe("The judges of variables", () => {
  before(function () {
    if (!hasDwarfdump) this.skip();
  });

  const outcomeOf = (verdicts: ReturnType<typeof judge>, name: string) =>
    verdicts.find((verdict) => verdict.name === name)?.outcome;

  const judged = (name: string, change: (crash: FixtureCrash) => FixtureCrash) =>
    study(fixture(name), (crash) => judge(change(crash), undefined));

  const youngest =
    (change: (variable: ListedVariable) => ListedVariable) =>
    (crash: FixtureCrash): FixtureCrash => ({
      ...crash,
      frames: crash.frames.map((frame, depth) =>
        depth > 0 ? frame : { ...frame, variables: frame.variables.map(change) },
      ),
    });

  it("tell a value that the source contradicts", async () => {
    const verdicts = await judged(
      "c-shapes-o0-dwarf5",
      youngest((variable) =>
        variable.name === "scaled" ? { ...variable, wanted: [["scaled", 17] as const] } : variable,
      ),
    );
    assert.equal(outcomeOf(verdicts, "scaled"), "wrong");
    assert.equal(outcomeOf(verdicts, "index"), "right");
  });

  it("tell a variable that is in scope and not listed", async () => {
    const verdicts = await judged(
      "c-shapes-o0-dwarf5",
      youngest((variable) => ({ ...variable, value: undefined })),
    );
    assert.equal(outcomeOf(verdicts, "scaled"), "wrong");
  });

  it("tell a value that the unoptimised build contradicts, down to its leaves", async () => {
    const verdicts = await study(fixture("c-shapes-o2-dwarf5"), (crash, twin) => {
      const compounds = twin!.frames.find(({ frame }) => frame.name === "compounds")!;
      const path = compounds.variables.find(({ name }) => name === "path")!;
      const variables = compounds.variables.map((variable) =>
        variable.name === "frame" ? { ...variable, value: path.value } : variable,
      );
      const frames = twin!.frames.map((frame) => (frame === compounds ? { ...frame, variables } : frame));
      return judge(crash, { ...twin!, frames });
    });
    assert.equal(outcomeOf(verdicts, "frame"), "wrong");
    assert.equal(outcomeOf(verdicts, "path"), "right");
  });
});
