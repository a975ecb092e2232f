/** From a variable to the sources: where it is declared, and the function that a pointer in it leads to. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { before, describe, it } from "mocha";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";
import { Client } from "./client";

const C_SHAPES = fixture("c-shapes-o0-dwarf5");
const source = readFileSync(join(sourceFolder(C_SHAPES), "c-shapes.c"), "utf8").split("\n");
/** 1-based line of the source that holds this text. */
const lineOf = (text: string): number => source.findIndex((line) => line.includes(text)) + 1;

let client: Client;
let frames: DebugProtocol.StackFrame[];

async function variablesOf(name: string, hint: string): Promise<DebugProtocol.Variable[]> {
  const frame = frames.find((candidate) => candidate.name === name)!;
  const { scopes } = await client.get("scopes", { frameId: frame.id });
  const scope = scopes.find(
    (candidate: DebugProtocol.Scope) => (candidate.presentationHint ?? candidate.name) === hint,
  );
  return (await client.get("variables", scope)).variables;
}

const locate = (locationReference: number): Promise<DebugProtocol.LocationsResponse["body"]> =>
  client.get("locations", { locationReference });

before(async () => {
  client = Client.inProcess();
  await client.stopAtCrash({
    program: modulePath(C_SHAPES),
    coreFile: dumpPath(C_SHAPES),
    workspaceFolders: [sourceFolder(C_SHAPES)],
  });
  frames = (await client.get("stackTrace", { threadId: 1 })).stackFrames;
});

describe("locations", () => {
  it("lead from a variable to its declaration", async () => {
    const before = (await variablesOf("read_through", "locals")).find(({ name }) => name === "before")!;
    const location = await locate(before.declarationLocationReference!);
    assert.equal(location?.line, lineOf("int before = 17;"));
    assert.match(location?.source.path ?? "", /c-shapes\.c$/);
  });

  it("lead from a static to its declaration", async () => {
    const total = (await variablesOf("main", "Statics")).find(({ name }) => name === "file_total")!;
    assert.equal((await locate(total.declarationLocationReference!))?.line, lineOf("long long file_total"));
  });

  it("lead from a function pointer through the table to the function", async () => {
    const { id } = frames.find(({ name }) => name === "main")!;
    for (const [index, name] of ["add", "multiply"].entries()) {
      const value = await client.get("evaluate", { expression: `operations[${index}]`, frameId: id });
      const location = await locate(value.valueLocationReference);
      assert.equal(location?.line, lineOf(`static int ${name}(int a, int b)`));
    }
  });

  it("do the same for a function pointer among an array's elements", async () => {
    const operations = (await variablesOf("main", "Statics")).find(({ name }) => name === "operations")!;
    const { variables } = await client.get("variables", operations);
    const location = await locate(variables[1].valueLocationReference);
    assert.equal(location?.line, lineOf("static int multiply"));
  });

  it("offer a function pointer's own place as memory, not its table slot as an address", async () => {
    const { id } = frames.find(({ name }) => name === "main")!;
    const value = await client.get("evaluate", { expression: "operations[1]", frameId: id });
    const place = await client.get("evaluate", { expression: "&operations[1]", frameId: id });
    assert.equal(value.memoryReference, place.memoryReference);
  });

  it("are the same at each call, and no other number has one", async () => {
    const [first, second] = [
      await variablesOf("read_through", "locals"),
      await variablesOf("read_through", "locals"),
    ];
    assert.deepEqual(
      first.map(({ declarationLocationReference }) => declarationLocationReference),
      second.map(({ declarationLocationReference }) => declarationLocationReference),
    );
    assert.match(await client.refusal("locations", { locationReference: 9999 }), /no location 9999/);
  });
});

describe("loaded sources", () => {
  it("list every file that the line tables name, once, where it is on this machine", async () => {
    const { sources } = await client.get("loadedSources");
    const paths = sources.map(({ path }: DebugProtocol.Source) => path);
    assert.equal(new Set(paths).size, paths.length);
    assert.ok(paths.includes(join(sourceFolder(C_SHAPES), "c-shapes.c")));
  });
});
