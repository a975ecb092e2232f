/**
 * Tables in dumps of V8's inspector, of a program whose slots are changed while it runs: what was there at the crash is
 * told, not what the module's element segments put there.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { captureAtTrap } from "../../capture/inspector/capture";
import { MOST_ENTRIES } from "../../capture/inspector/tables";
import { MemorySource } from "../../engine/bytes/source";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { sample, sampleProgram } from "./library/sample";

const file = join(__dirname, "tables/tables.wasm");
const bytes = readFileSync(file);

type Call = (...values: (number | undefined)[]) => number;

interface Program {
  readonly calls: Record<
    "add" | "multiply" | "negate" | "pointer" | "compute" | "swap" | "swap_and_compute" | "pointer_to_negate",
    Call
  >;
  readonly table: WebAssembly.Table;
}

function start(): Program {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return {
    calls: exports as Program["calls"],
    table: exports["__indirect_function_table"] as WebAssembly.Table,
  };
}

/** The crash of a call, with the program's module and that of `sample`. */
async function crash(run: () => unknown): Promise<Crash> {
  const { dump } = await captureAtTrap(run);
  assert.ok(dump);
  const module = (path: string, contents: Uint8Array) => ({
    module: { path, source: new MemorySource(path, contents) },
  });
  return openCrash({
    dump: new MemorySource("dump", dump),
    main: module("tables.wasm", bytes),
    modules: new Map([["sample", module("sample.wasm", sampleProgram())]]),
  });
}

/** What an expression gives in the youngest frame of the program. */
function print(of: Crash, expression: string): string {
  const frame = of.threads[0]!.frames().find(({ physical }) => physical.module.name !== "sample.wasm");
  return evaluateInFrame(expression, frame!).text();
}

/** A pointer as the debugger writes it. */
const pointer = (slot: number): string => `0x0000000${slot}`;

describe("tables under V8's inspector", () => {
  it("tells that a slot was emptied by the program's host, where the module had put a function", async () => {
    const { calls, table } = start();
    const add = calls.pointer(0);
    table.set(add, null);
    const crashed = await crash(() => calls.compute(add, 2, 3));
    assert.equal(
      crashed.reason.trap.replace(/ \(function \d+\)$/, ""),
      `indirect call to null: table slot ${add} is empty in compute`,
    );
    assert.equal(print(crashed, "chosen"), pointer(add), "no function is named");
    assert.equal(print(crashed, `$table0[${add}]`), "null");
  });

  it("names the function that the host put into a slot, and of which type it is", async () => {
    const { calls, table } = start();
    const add = calls.pointer(0);
    table.set(add, calls.negate);
    const crashed = await crash(() => calls.compute(add, 2, 3));
    assert.equal(crashed.reason.kind, "indirect-call-type-mismatch");
    assert.match(crashed.reason.trap, new RegExp(`another type: table slot ${add} holds negate in compute`));
    assert.ok(crashed.reason.details.includes("actual signature: (i32) -> (i32)"));
    assert.equal(print(crashed, "chosen"), `${pointer(add)} <negate>`);
    assert.equal(print(crashed, `$table0[${add}]`), "negate");
  });

  it("follows table.set of the program itself, in pointers' hints and in where a function is", async () => {
    const { calls, table } = start();
    const [add, multiply] = [calls.pointer(0), calls.pointer(1)];
    calls.swap(add, multiply);
    assert.equal(table.get(add), calls.multiply, "V8's own view");
    const crashed = await crash(() => calls.compute(0, 2, 3));
    assert.match(crashed.reason.trap, /^indirect call to null: table slot 0 is empty/);
    assert.equal(print(crashed, `(operation)${add}`), `${pointer(add)} <multiply>`);
    assert.equal(print(crashed, "operations[1]"), `${pointer(multiply)} <add>`);
    assert.equal(print(crashed, "multiply"), `${pointer(add)} <multiply>`);
    const names = Array.from({ length: table.length }, (_, slot) => {
      const held = table.get(slot) as { readonly name: string } | null; // V8's name of a function is its index
      return held && Object.entries(calls).find(([, call]) => call === held)?.[0];
    });
    assert.equal(print(crashed, "$table0"), `${table.length} entries: ${names.map(String).join(", ")}`);
  });

  it("knows the slots that a table has grown by, and how many there are", async () => {
    const { calls, table } = start();
    const first = table.grow(3, calls.negate);
    const mismatch = await crash(() => calls.compute(first + 1, 2, 3));
    assert.match(mismatch.reason.trap, new RegExp(`table slot ${first + 1} holds negate`));
    const beyond = await crash(() => calls.compute(first + 3, 2, 3));
    assert.equal(beyond.reason.kind, "table-out-of-bounds");
    assert.match(beyond.reason.trap, new RegExp(`index ${first + 3}, the table has ${first + 3} entries`));
    assert.throws(() => print(beyond, `$table0[${first + 3}]`), /there are \d+ entries/);
  });

  it("names functions of other instances on the stack by their module, and none of those that are not", async () => {
    const { calls, table } = start();
    const add = calls.pointer(0);
    const other = sample(() => calls.compute(add, 2, 3), "sample");
    table.set(add, other.exports.trap);
    const known = await crash(() => other.exports.call_host());
    assert.match(known.reason.trap, new RegExp(`table slot ${add} holds trap of sample`));
    assert.equal(known.reason.kind, "indirect-call-type-mismatch");
    const unknown = await crash(() => calls.compute(add, 2, 3));
    assert.match(unknown.reason.trap, /failed: it held what the dump cannot name/);
    assert.match(print(unknown, `$table0[${add}]`), /^<unavailable: .*slot \d+ of table 0/);
  });

  it("records a large table's first entries, says so, and claims nothing of the others", async () => {
    const { calls, table } = start();
    const size = table.grow(MOST_ENTRIES) + MOST_ENTRIES;
    table.set(MOST_ENTRIES - 1, calls.negate);
    const last = await crash(() => calls.compute(MOST_ENTRIES - 1, 2, 3));
    assert.match(last.reason.trap, /holds negate/);
    assert.ok(last.warnings.includes(`Table 0 has ${size} entries, of which the first 65536 were recorded`));
    const unrecorded = await crash(() => calls.compute(MOST_ENTRIES, 2, 3));
    assert.match(unrecorded.reason.trap, /^indirect call to table slot 65536 failed/);
    assert.equal(unrecorded.reason.kind, "unknown");
  });

  it("reads the tables past what the program has put in their place", async () => {
    const { calls, table } = start();
    const add = calls.pointer(0);
    table.set(add, null);
    table.get = () => calls.multiply;
    Object.defineProperty(table, "length", { value: 1 });
    const crashed = await crash(() => calls.compute(add, 2, 3));
    assert.match(crashed.reason.trap, /table slot \d is empty/);
  });
});
