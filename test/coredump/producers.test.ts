/**
 * Every producer's dump of every fixture, beside V8's record of the same trap in the same module: what is shown is
 * the same, or it is called missing. `UPDATE_GOLDEN=1` writes the counts into docs/DIALECTS.md.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { type Fixture, fixture, loadDump, loadModule } from "../fixtures";
import { dumpsOf, loadProduced, producers, wasmgdbStack } from "../fixtures/dialects";
import { type Comparison, compare } from "./support/compare";
import * as documented from "./support/documented";

const document = join(__dirname, "../../docs/DIALECTS.md");

interface Case {
  readonly producer: string;
  /** The dialect that must be told. */
  readonly dialect: string;
  readonly fixture: Fixture;
  dump(): Uint8Array;
}

/** The rewriters' versions share encodings. */
const dialectOf: Readonly<Record<string, string>> = {
  "rewriter-0.1.12": "rewriter-0.1.9",
  "rewriter-0.1.22": "rewriter-0.1.14",
  "rewriter-0.2.1": "rewriter-0.1.14",
};

const real: readonly Case[] = producers.flatMap((producer) =>
  dumpsOf(producer).map((produced) => ({
    producer,
    dialect: dialectOf[producer] ?? producer,
    fixture: produced.fixture,
    dump: () => loadProduced(produced),
  })),
);

/** What writes the bytes of a producer that could not be had. */
const writers: Readonly<Record<string, (recorded: documented.Recorded) => Uint8Array>> = {
  wasmedge: documented.wasmedge,
  "wasmedge-wasmgdb": documented.wasmedgeForWasmgdb,
  "wasmedge-2024": documented.wasmedge2024,
  "wasmedge-2024-wasmgdb": documented.wasmedge2024ForWasmgdb,
  wasmer: documented.wasmer,
  "wasmer-2023": documented.wasmer2023,
  "specification-2023-03": documented.specification202303,
  "specification-2023-02": documented.specification202302,
};

const written: readonly Case[] = Object.entries(writers).flatMap(([producer, write]) =>
  ["rust-classic", "rust-release", "c-shapes-o0-dwarf4", "cpp-shapes"].map((name) => ({
    producer,
    dialect: producer,
    fixture: fixture(name),
    dump: () => write(recordedOf(fixture(name))),
  })),
);

function recordedOf(fixture: Fixture): documented.Recorded {
  const module = WasmModule.open(new MemorySource(fixture.module, loadModule(fixture)));
  return { dump: readCoreDump(new MemorySource(fixture.dump, loadDump(fixture))), module };
}

function open(fixture: Fixture, dump: Uint8Array, dialect?: string): Crash {
  const source = new MemorySource(fixture.module, loadModule(fixture));
  return openCrash({
    dump: new MemorySource("dump", dump),
    main: { module: { path: fixture.module, source } },
    dialect,
  });
}

/**
 * The reason beside that of V8's dump: the same; less, where some of it is not known or said in other words of the
 * host's; or wrong, where it says another number, text or name.
 */
type Agreement = "same" | "less" | "wrong";

function agreement(truth: Crash, shown: Crash): Agreement {
  const said = ({ reason }: Crash): string => [reason.kind, reason.title, ...reason.details].join("\n");
  if (said(truth) === said(shown)) return "same";
  // What stands in the reason must stand in the true one; words that every reason of the kind has are no claims.
  const claims = (crash: Crash): readonly string[] =>
    [crash.reason.title, ...crash.reason.details].flatMap(
      (line) => line.match(/0x[0-9a-f]+|-?\d+|"[^"]*"/g) ?? [],
    );
  const known = new Set(claims(truth));
  const sameKind = shown.reason.kind === truth.reason.kind || shown.reason.kind === "unknown";
  const sameLanguage = shown.reason.language === undefined || shown.reason.language === truth.reason.language;
  return sameKind && sameLanguage && claims(shown).every((claim) => known.has(claim)) ? "less" : "wrong";
}

const rows: string[] = [];

function row({ producer, fixture }: Case, { frames, variables }: Comparison, reason: Agreement): string {
  const counts = [frames.right, frames.unplaced, frames.missing, frames.wrong.length];
  const values = [variables.right, variables.missing, variables.wrong.length];
  return `| ${[producer, fixture.name, ...counts, ...values, reason].join(" | ")} |`;
}

for (const [kind, cases] of [
  ["dumps that real producers wrote", real],
  ["dumps as producers document them", written],
] as const) {
  describe(kind, () => {
    for (const one of cases) {
      it(`show nothing that V8 did not see: ${one.producer}, ${one.fixture.name}`, () => {
        const shown = open(one.fixture, one.dump());
        assert.equal(shown.dump.dialect.name, one.dialect, shown.dump.dialect.why);
        const truth = open(one.fixture, loadDump(one.fixture));
        const found = compare(truth, shown);
        assert.ok([truth.reason.kind, "unknown"].includes(shown.reason.kind), shown.reason.title);
        assert.deepEqual(found.frames.wrong, []);
        assert.deepEqual(found.variables.wrong, []);
        assert.ok(found.frames.right + found.frames.unplaced > 0, "no frame is shown");
        const reason = agreement(truth, shown);
        assert.notEqual(reason, "wrong", `${shown.reason.title}, and not ${truth.reason.title}`);
        rows.push(row(one, found, reason));
        if (process.env["UPDATE_GOLDEN"] === undefined) assertNoFewer(one, found, reason);
      });
    }
  });
}

/** Better than the document says is as well; worse is a fault. */
function assertNoFewer(one: Case, found: Comparison, reason: Agreement): void {
  const line = readFileSync(document, "utf8")
    .split("\n")
    .find((text) => text.startsWith(`| ${one.producer} | ${one.fixture.name} |`));
  const [, , , frames, , , , variables, , , documented] = (line ?? "").split("|").map((cell) => cell.trim());
  assert.ok(found.frames.right >= Number(frames), `${found.frames.right} frames, documented are ${frames}`);
  assert.ok(
    found.variables.right >= Number(variables),
    `${found.variables.right} variables, documented are ${variables}`,
  );
  assert.ok(reason === "same" || documented === "less", "the reason says less than documented");
}

after(() => {
  if (process.env["UPDATE_GOLDEN"] === undefined) return;
  const head =
    "| producer | crash | frames right | function only | missing | wrong | variables right | missing | wrong | reason |";
  const table = [head, "|---|---|--:|--:|--:|--:|--:|--:|--:|---|", ...rows].join("\n");
  const text = readFileSync(document, "utf8");
  const marks = /(<!-- counts -->\n)[\s\S]*(\n<!-- end of counts -->)/;
  writeFileSync(
    document,
    text.replace(marks, (_, before, behind) => `${before}${table}${behind}`),
  );
});

describe("a peer that opens the rewriter's dumps", () => {
  it("has the same functions on the stack, the youngest with the highest number", () => {
    const classic = fixture("rust-classic");
    const produced = dumpsOf("rewriter-0.2.2").find((one) => one.fixture === classic)!;
    const crash = open(classic, loadProduced(produced));
    const peer = Array.from(wasmgdbStack().matchAll(/^#\d+\t0*(\d+) as/gm), (match) => Number(match[1]));
    assert.ok(peer.length > 15);
    // It counts from the second youngest.
    const own = crash.dump.threads[0]!.frames.map(({ functionIndex }) => Number(functionIndex));
    assert.deepEqual(own.slice(-peer.length), peer);
  });
});

describe("a frame whose function a dump does not tell", () => {
  it("is left out, and that is said", () => {
    // WasmEdge names the function at the call that made the frame; the host's call is none.
    const trapped = fixture("c-traps/divide_by_zero");
    const crash = open(trapped, documented.wasmedge2024(recordedOf(trapped)));
    assert.deepEqual(crash.threads[0]!.frames(), []);
    assert.ok(
      crash.warnings.some((warning) => /1 of the frames are left out/.test(warning)),
      crash.warnings.join(),
    );
  });
});

describe("a dialect that the user names", () => {
  it("is taken in place of the one that fits best", () => {
    const classic = fixture("rust-classic");
    const dump = loadDump(classic);
    assert.equal(open(classic, dump).dump.dialect.name, "specification");
    const forced = open(classic, documented.wasmer(recordedOf(classic)), "specification-2023-03");
    assert.equal(forced.dump.dialect.name, "specification-2023-03");
    assert.match(forced.dump.dialect.why, /chosen by the user/);
  });

  it("is refused with the reason where the file cannot be read so, and with the names that there are", () => {
    const classic = fixture("rust-classic");
    assert.throws(() => open(classic, loadDump(classic), "wasmer"), /not written in the dialect wasmer/);
    assert.throws(() => open(classic, loadDump(classic), "elf"), /no dialect elf.*rewriter-0\.2\.2/);
  });
});
