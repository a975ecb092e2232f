/** What a client is shown at the stop: frames, scopes, variables, memory, instructions. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { beforeEach, describe, it } from "mocha";
import { Client, VS_CODE } from "./client";
import { asked, FILES, hostWith, MAIN, made, sampleCrash } from "./sample-crash";

const LAUNCH = { program: "/project/target/sample.wasm", coreFile: "/project/crash.coredump" };
const OWN_HERE = "/project/src/main.rs";

async function stopped(traits = VS_CODE): Promise<Client> {
  const client = Client.inProcess(hostWith(OWN_HERE), () => Promise.resolve(sampleCrash()));
  await client.stopAtCrash(LAUNCH, traits);
  return client;
}

let client: Client;
beforeEach(async () => {
  client = await stopped();
});

describe("the call stack", () => {
  const stack = async (args: object = {}): Promise<DebugProtocol.StackFrame[]> =>
    (await client.get("stackTrace", { threadId: 1, ...args })).stackFrames;

  it("gives VS Code the crash line as the first source that it may stand at", async () => {
    const frames = await stack();
    const first = frames.find(({ source }) => source && source.presentationHint !== "deemphasize");
    assert.equal(first?.name, "calculate");
    assert.deepEqual([first?.line, first?.column, first?.source?.path], [14, 5, OWN_HERE]);
  });

  it("keeps runtime frames in view, marked", async () => {
    const frames = await stack();
    assert.deepEqual(
      frames.map(({ name, presentationHint, source }) => [name, presentationHint, source?.presentationHint]),
      [
        ["rust_panic", "subtle", "deemphasize"],
        ["panic_fmt", "subtle", "deemphasize"],
        ["calculate", "normal", "normal"],
        ["parse", "normal", "normal"],
        ["_start", "subtle", "deemphasize"],
      ],
    );
    assert.ok(frames.every(({ canRestart }) => canRestart === false));
  });

  it("comes by page, computes no frame beyond it, and keeps the frames' numbers", async () => {
    const all = await stack();
    made.frames = 0;
    const page = await client.get("stackTrace", { threadId: 1, startFrame: 1, levels: 2 });
    assert.equal(made.frames, 2);
    assert.equal(page.totalFrames, MAIN.length);
    assert.deepEqual(page.stackFrames, all.slice(1, 3));
    assert.deepEqual(await stack({ startFrame: 3, levels: 20 }), all.slice(3));
    assert.deepEqual(await stack({ startFrame: 9 }), []);
    assert.deepEqual(await stack({ levels: 0 }), all);
  });

  it("writes names as the client's format asks", async () => {
    const name = async (format: object) => (await stack({ startFrame: 2, levels: 1, format }))[0]?.name;
    assert.equal(await name({}), "calculate");
    assert.equal(await name({ parameters: true, parameterNames: true }), "calculate(thing)");
    assert.equal(await name({ parameters: true, parameterTypes: true }), "calculate(u32)");
    assert.equal(
      await name({ includeAll: true, hex: true }),
      "sample.wasm!calculate(thing: u32 = 0x3) Line 14",
    );
  });

  it("shows a function without debug information as text, at the instruction where it stands", async () => {
    const frame = (await stack())[0]!;
    const { content } = await client.get("source", { source: frame.source, sourceReference: 0 });
    const lines = content.split("\n");
    assert.match(lines[0], /^\(func/);
    assert.equal(lines[frame.line - 1].trim(), "nop");
  });

  it("says of a source that is not on this machine what can be done", async () => {
    const { source } = (await stack())[1]!;
    const refusal = await client.refusal("source", { source, sourceReference: 0 });
    assert.match(refusal, /panicking\.rs is not on this machine\..*sourceMap/);
  });

  it("shows text that the debug information carries", async () => {
    const { source } = (await stack())[3]!;
    assert.equal(source?.path, FILES.embedded.path);
    const { content } = await client.get("source", { sourceReference: source?.sourceReference });
    assert.equal(content, FILES.embedded.source);
  });

  it("counts lines and columns as the client does", async () => {
    client = await stopped({ ...VS_CODE, linesStartAt1: false, columnsStartAt1: false });
    const frame = (await stack())[2]!;
    assert.deepEqual([frame.line, frame.column], [13, 4]);
  });

  it("exists for each thread of the dump", async () => {
    assert.deepEqual((await client.get("threads")).threads, [
      { id: 1, name: "main" },
      { id: 2, name: "worker" },
    ]);
    assert.deepEqual(
      (await stack({ threadId: 2 })).map(({ name }) => name),
      ["func1"],
    );
    assert.match(await client.refusal("stackTrace", { threadId: 3 }), /no thread 3/);
  });

  it("is the text of the exception, whose reason only the crashed thread has", async () => {
    const info = await client.get("exceptionInfo", { threadId: 1 });
    assert.equal(info.exceptionId, "Rust panic");
    assert.equal(info.breakMode, "always");
    assert.equal(info.description, "attempt to subtract with overflow\npanicked at src/main.rs:14:5");
    assert.match(info.details.stackTrace, /^at calculate \(\/project\/src\/main.rs:14:5\)\nat parse/);
    const [trap] = info.details.innerException;
    assert.equal(trap.typeName, "unreachable");
    assert.match(trap.message, /^unreachable executed/);
    assert.equal(info.details.evaluateName, "$exception");
    assert.match(await client.refusal("exceptionInfo", { threadId: 2 }), /thread 2.*did not crash/i);
  });
});

describe("scopes and variables", () => {
  const scopes = async (): Promise<DebugProtocol.Scope[]> => {
    const { stackFrames } = await client.get("stackTrace", { threadId: 1, startFrame: 2, levels: 1 });
    return (await client.get("scopes", { frameId: stackFrames[0].id })).scopes;
  };
  const list = async (reference: number, args: object = {}): Promise<DebugProtocol.Variable[]> =>
    (await client.get("variables", { variablesReference: reference, ...args })).variables;
  const locals = async () => list((await scopes())[0]!.variablesReference);

  it("leaves an empty list of arguments out, so that the locals are what opens", async () => {
    assert.deepEqual(
      (await scopes()).map(({ name, presentationHint, expensive }) => [name, presentationHint, expensive]),
      [
        ["Locals", "locals", false],
        ["Statics", undefined, true],
      ],
    );
  });

  it("tells the lines of a block, and its file on this machine", async () => {
    const { line, endLine, source } = (await scopes())[0]!;
    assert.deepEqual([line, endLine, source?.path], [10, 16, OWN_HERE]);
  });

  it("gives the same numbers when asked again", async () => {
    assert.deepEqual(await scopes(), await scopes());
    assert.deepEqual(await locals(), await locals());
  });

  it("shows values as read-only, with what to type to get them and where they are", async () => {
    const [thing, gone] = await locals();
    assert.deepEqual(thing, {
      name: "thing",
      value: "{…}",
      type: "Thing",
      evaluateName: "thing",
      variablesReference: thing!.variablesReference,
      memoryReference: "0x40",
      presentationHint: { attributes: ["readOnly"] },
    });
    assert.match(gone!.value, /^<unavailable: optimized out/);
    assert.equal(gone!.variablesReference, 0);
  });

  it("shows members with their kinds, and composes their expressions", async () => {
    const members = await list((await locals())[0]!.variablesReference);
    assert.deepEqual(
      members.map(({ name, evaluateName, presentationHint }) => [name, evaluateName, presentationHint?.kind]),
      [
        ["Base", "thing.Base", "baseClass"],
        ["value", "thing.value", undefined],
        ["*next", "*thing.next", undefined],
        ["[raw]", undefined, undefined],
      ],
    );
    assert.equal(members[1]!.memoryReference, "0x14");
    const inner = await list(members[0]!.variablesReference);
    assert.equal(inner[0]!.evaluateName, "thing.Base.tag");
  });

  it("waits with a dereference until it is asked for", async () => {
    const next = (await list((await locals())[0]!.variablesReference))[2]!;
    assert.deepEqual([next.value, next.presentationHint?.lazy], ["", true]);
    const shown = await list(next.variablesReference);
    assert.deepEqual(
      shown.map(({ name, value, presentationHint }) => [name, value, presentationHint?.lazy]),
      [["*next", "{…}", undefined]],
    );
    assert.equal((await list(shown[0]!.variablesReference))[0]!.evaluateName, "*thing.next.value");
  });

  it("gives elements by page, and makes no others", async () => {
    const many = (await locals())[2]!;
    assert.deepEqual([many.namedVariables, many.indexedVariables], [0, 5000]);
    asked.elements = 0;
    const page = { filter: "indexed", start: 4990, count: 100 };
    const elements = await list(many.variablesReference, page);
    assert.equal(asked.elements, 10);
    assert.deepEqual(
      [elements[0]!.name, elements[0]!.value, elements.at(-1)!.name],
      ["[4990]", "4990", "[4999]"],
    );
    assert.equal(elements[0]!.evaluateName, "many[4990]");
    assert.deepEqual(await list(many.variablesReference, { filter: "named" }), []);
  });

  it("does not send a huge array to a client that does not page, and says so", async () => {
    const elements = await list((await locals())[2]!.variablesReference);
    assert.equal(elements.length, 1001);
    assert.match(elements.at(-1)!.value, /^4000 more/);
  });

  it("writes numbers in hexadecimal on request", async () => {
    const { variablesReference } = (await locals())[0]!;
    const members = await list(variablesReference, { format: { hex: true } });
    assert.equal(members[1]!.value, "0xff");
  });

  it("marks statics", async () => {
    const [count] = await list((await scopes())[1]!.variablesReference);
    assert.deepEqual(count!.presentationHint?.attributes, ["static", "readOnly"]);
  });

  it("says which number it does not know", async () => {
    assert.match(await client.refusal("variables", { variablesReference: 999 }), /no variables 999/);
    assert.match(await client.refusal("scopes", { frameId: 0 }), /no stack frame 0/);
    assert.match(await client.refusal("source", { sourceReference: 77 }), /no source 77/);
  });
});

describe("memory", () => {
  const read = async (memoryReference: string, offset: number, count: number) => {
    const { address, data, unreadableBytes } = await client.get("readMemory", {
      memoryReference,
      offset,
      count,
    });
    const bytes = data === undefined ? undefined : [...Buffer.from(data, "base64")];
    return [address, bytes, unreadableBytes];
  };

  it("reads recorded bytes at any address, offsets below the reference included", async () => {
    assert.deepEqual(await read("0x10", 0, 3), ["0x10", [0x10, 0x11, 0x12], undefined]);
    assert.deepEqual(await read("0x50", -2, 2), ["0x4e", [0x4e, 0x4f], undefined]);
  });

  it("counts what was not recorded instead of giving zeros", async () => {
    assert.deepEqual(await read("0x1e", 0, 4), ["0x1e", [0x1e, 0x1f], 2]);
    assert.deepEqual(await read("0x1e", 0, 0x100), ["0x1e", [0x1e, 0x1f], 0x20]);
    assert.deepEqual(await read("0x20", 0, 0x30), ["0x20", undefined, 0x20]);
  });

  it("says that there is nothing past the end of memory, and before its beginning", async () => {
    assert.deepEqual(await read("0x50", 0, 0x40), ["0x50", undefined, 0x40]);
    assert.deepEqual(await read("0x1000000", 0, 8), ["0x1000000", undefined, 8]);
    assert.deepEqual(await read("0x10", -0x18, 0x20), ["0x0", undefined, 8]);
  });

  it("takes a count of nothing, and refuses a negative one", async () => {
    assert.deepEqual(await read("0x10", 0, 0), ["0x10", undefined, undefined]);
    assert.match(await client.refusal("readMemory", { memoryReference: "0x10", count: -1 }), /count/);
  });
});

describe("disassembly", () => {
  const WHOLE = ["nop", "unreachable", "end", "call 0", "end", "call 1", "end"];
  const disassemble = async (args: object): Promise<DebugProtocol.DisassembledInstruction[]> => {
    const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
    const memoryReference = stackFrames[2].instructionPointerReference;
    return (await client.get("disassemble", { memoryReference, ...args })).instructions;
  };
  const texts = async (args: object) =>
    (await disassemble(args)).map(({ instruction }) => instruction.trim());

  it("begins at the frame's instruction", async () => {
    assert.deepEqual(await texts({ instructionCount: 3 }), ["call 0", "end", "call 1"]);
  });

  it("goes back and forth across functions", async () => {
    assert.deepEqual(await texts({ instructionOffset: -3, instructionCount: 7 }), WHOLE);
    assert.deepEqual(await texts({ instructionOffset: 2, instructionCount: 2 }), ["call 1", "end"]);
    assert.deepEqual(await texts({ instructionOffset: -2, instructionCount: 1 }), ["unreachable"]);
  });

  it("answers exactly as many as were asked for, the frame's own in its place", async () => {
    const instructions = await disassemble({ instructionOffset: -10, instructionCount: 20 });
    assert.equal(instructions.length, 20);
    assert.deepEqual(
      instructions.map(({ presentationHint, address }) => presentationHint === "invalid" && address === "-1"),
      [...Array(7).fill(true), ...Array(7).fill(false), ...Array(6).fill(true)],
    );
    assert.equal(instructions[10]!.instruction.trim(), "call 0");
    const outside = await disassemble({ instructionOffset: 500, instructionCount: 3 });
    assert.deepEqual(
      outside.map(({ address }) => address),
      ["-1", "-1", "-1"],
    );
    assert.deepEqual(await disassemble({ instructionCount: 0 }), []);
  });

  it("numbers instructions upwards, with their bytes and function", async () => {
    const valid = await disassemble({ instructionOffset: -3, instructionCount: 7 });
    for (let i = 1; i < valid.length; i++)
      assert.ok(BigInt(valid[i]!.address) > BigInt(valid[i - 1]!.address));
    assert.deepEqual([valid[3]!.instructionBytes, valid[3]!.symbol], ["10 00", "func1"]);
  });

  it("is not given for an address of memory, and memory not for an instruction", async () => {
    assert.match(
      await client.refusal("disassemble", { memoryReference: "0x10", instructionCount: 1 }),
      /not the place of an instruction/,
    );
    const [first] = await disassemble({ instructionCount: 1 });
    assert.match(
      await client.refusal("readMemory", { memoryReference: first!.address, count: 1 }),
      /outside of linear memory/,
    );
  });

  it("does not grow without limit", async () => {
    const { address: memoryReference } = (await disassemble({ instructionCount: 1 }))[0]!;
    for (const args of [{ instructionCount: 1e9 }, { instructionCount: 1, instructionOffset: -1e9 }]) {
      assert.match(await client.refusal("disassemble", { memoryReference, ...args }), /must be/);
    }
  });
});

describe("modules and sources", () => {
  it("say whether debug information was found, and if not why", async () => {
    assert.deepEqual(await client.get("modules"), {
      modules: [
        {
          id: 0,
          name: "sample.wasm",
          path: "/project/target/sample.wasm",
          version: "00ff",
          symbolStatus: "Function names only: the module has no .debug_info section",
        },
      ],
      totalModules: 1,
    });
    assert.deepEqual((await client.get("modules", { startModule: 1 })).modules, []);
    assert.deepEqual(await client.get("loadedSources"), { sources: [] });
  });
});
