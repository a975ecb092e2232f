/** "Find in Memory", "Who Points Here" and "Show as Type" on a real crash, whose memory the source tells. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { before, describe, it } from "mocha";
import { address } from "../../engine/bytes/offsets";
import type { CoreMemory } from "../../engine/coredump/model";
import { BytesSearch, PointerSearch } from "../../engine/postmortem/memory-search";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";
import { Client } from "./client";

const C_SHAPES = fixture("c-shapes-o0-dwarf5");
let client: Client;
let frames: DebugProtocol.StackFrame[];

before(async () => {
  client = Client.inProcess();
  await client.stopAtCrash({
    program: modulePath(C_SHAPES),
    coreFile: dumpPath(C_SHAPES),
    workspaceFolders: [sourceFolder(C_SHAPES)],
  });
  frames = (await client.get("stackTrace", { threadId: 1 })).stackFrames;
});

const frame = (name: string): number => frames.find((candidate) => candidate.name === name)!.id;

/** Where an expression lies in memory, by the evaluator. */
async function placeOf(expression: string, frameId: number): Promise<string> {
  return (await client.get("evaluate", { expression: `&(${expression})`, frameId })).memoryReference;
}

describe("a search of memory", () => {
  it("finds a text, and says which variable holds it", async () => {
    const frameId = frame("compounds");
    const { matches } = await client.get("wasm/findInMemory", { kind: "text", text: "hello", frameId });
    const word = matches.find(({ place }: { place?: string }) => place?.endsWith("compounds: word"));
    assert.equal(word.memoryReference, await placeOf("word", frameId));
    assert.match(word.preview, /^68 65 6c 6c 6f 00 .* hello/);
  });

  it("finds numbers by their type", async () => {
    // static long long file_total = -5000000000LL; static volatile unsigned device_state = 0xdeadbeefu;
    for (const [type, text, name] of [
      ["i64", "-5000000001", "file_total"],
      ["u32", "0xdeadbeef", "device_state"],
      ["f64", "-2.25", "ratios + 8"],
    ]) {
      const { matches } = await client.get("wasm/findInMemory", { kind: "number", type, text });
      assert.ok(
        matches.some(({ place }: { place?: string }) => place === `static: ${name}`),
        `${text} is in ${name}`,
      );
    }
  });

  it("finds bytes as they are typed, with or without blanks", async () => {
    for (const text of ["ef be ad de", "efbeadde", "0xEF,0xBE,0xAD,0xDE"]) {
      const { matches } = await client.get("wasm/findInMemory", { kind: "bytes", text });
      assert.equal(matches[0].place, "static: device_state");
    }
  });

  it("refuses what is no text, bytes or number, and says how it is written", async () => {
    assert.match(
      await client.refusal("wasm/findInMemory", { kind: "bytes", text: "de a" }),
      /two hexadecimal digits/,
    );
    assert.match(
      await client.refusal("wasm/findInMemory", { kind: "number", type: "u8", text: "256" }),
      /does not fit/,
    );
    assert.match(
      await client.refusal("wasm/findInMemory", { kind: "text", text: "" }),
      /nothing to look for/,
    );
  });

  it("tells who points at an object, by variable", async () => {
    // descend(tree.left…): `root` of scalars and compounds point at the same tree.
    const frameId = frame("scalars");
    const { matches } = await client.get("wasm/findPointers", { expression: "root", frameId });
    const holders = matches.map(({ place }: { place?: string }) => place?.replace(/^#\d+ /, ""));
    for (const holder of ["scalars: root", "compounds: root"])
      assert.ok(holders.includes(holder), `${holders}`);
  });

  it("refuses a search for pointers to what is in no memory", async () => {
    assert.match(await client.refusal("wasm/findPointers", { expression: "1 + 2" }), /not in memory/);
  });

  it("shows an address as a type, as a line of the console that opens", async () => {
    const frameId = frame("compounds");
    const place = await placeOf("frame.max", frameId);
    const lines = client.events.filter(({ event }) => event === "output").length;
    const shown = await client.get("wasm/showAsType", { address: place, type: "struct point", frameId });
    assert.match(shown.result, /x: 30, y: 40/);
    const { body } = await client.event("output", lines + 1);
    const { variables } = await client.get("variables", { variablesReference: body.variablesReference });
    const members = (await client.get("variables", variables[0])).variables;
    assert.deepEqual(
      members.map(({ name, value }: DebugProtocol.Variable) => [name, value]),
      [
        ["x", "30"],
        ["y", "40"],
      ],
    );
    const again = await client.get("evaluate", { expression: members[1].evaluateName, frameId });
    assert.equal(again.result, "40");
  });

  it("shows an address as an array, whose elements lie one after the other", async () => {
    const frameId = frame("compounds");
    const [address, type] = [await placeOf("word", frameId), "unsigned char[5]"];
    const shown = await client.get("wasm/showAsType", { address, type, frameId });
    assert.equal(shown.result.replaceAll(/ '.'/g, ""), "{104, 101, 108, 108, 111}");
  });

  it("says which type it does not know", async () => {
    assert.match(await client.refusal("wasm/showAsType", { address: "1024", type: "Nothing" }), /Nothing/);
  });
});

/** A memory with these ranges; each byte is its own address, low byte first at every fourth. */
const memoryOf = (
  size: number,
  bytes: Uint8Array,
  ranges: [number, number][],
  gapsAreZero: boolean,
): CoreMemory => ({
  size,
  ranges: ranges.map(([start, end]) => ({ start: address(start), length: end - start })),
  gapsAreZero,
  read: (at, length) => bytes.slice(at, at + length),
});

describe("a search through ranges", () => {
  const all = (search: BytesSearch | PointerSearch): readonly number[] => {
    while (!search.step());
    return search.found;
  };

  it("finds what begins in zeros that were left out of the dump", () => {
    const bytes = new Uint8Array(64);
    bytes[34] = 1; // the word at 32 is 0x00010000
    const memory = memoryOf(64, bytes, [[34, 35]], true);
    assert.deepEqual(all(new PointerSearch(memory, { start: 0x10000, end: 0x10001 }, 4, { most: 9 })), [32]);
    assert.deepEqual(all(new BytesSearch(memory, Uint8Array.of(0, 0, 1, 0), { most: 9 })), [32]);
  });

  it("does not take what was not recorded for zeros", () => {
    const bytes = new Uint8Array(64);
    bytes[34] = 1;
    const memory = memoryOf(64, bytes, [[34, 35]], false);
    assert.deepEqual(all(new BytesSearch(memory, Uint8Array.of(0, 0, 1, 0), { most: 9 })), []);
    assert.deepEqual(all(new BytesSearch(memory, Uint8Array.of(0), { most: 9 })), []);
  });

  it("finds what lies across ranges and across the pieces that are looked at", () => {
    const size = (1 << 20) + 64;
    const bytes = new Uint8Array(size).fill(0x55);
    const at = (1 << 20) - 2;
    bytes.set([1, 2, 3, 4], at);
    const needle = Uint8Array.of(1, 2, 3, 4);
    for (const ranges of [
      [[0, size]],
      [
        [0, at + 1],
        [at + 1, size],
      ],
    ] as [number, number][][]) {
      assert.deepEqual(all(new BytesSearch(memoryOf(size, bytes, ranges, false), needle, { most: 9 })), [at]);
    }
  });

  it("stops when it has found more than enough, and keeps to its bounds", () => {
    const memory = memoryOf(64, new Uint8Array(64).fill(7), [[0, 64]], false);
    const needle = Uint8Array.of(7);
    assert.equal(all(new BytesSearch(memory, needle, { most: 9 })).length, 10);
    assert.deepEqual(all(new BytesSearch(memory, needle, { start: 10, end: 12, most: 9 })), [10, 11]);
  });
});
