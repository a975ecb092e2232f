import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { memoryReference, parseMemoryReference } from "../../adapter/presentation/references";
import { memoryReferenceOf } from "../../adapter/presentation/variable";
import { OpenedCrash } from "../../adapter/state/opened-crash";
import { address } from "../../engine/bytes/offsets";
import { readMemory } from "../../engine/postmortem/memory";
import type { Frame } from "../../engine/postmortem/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";

const folder = join(__dirname, "../fixtures/dialects/several");
const host = new NodeHost();
after(() => host.close());

async function opened(dump: string): Promise<OpenedCrash> {
  const args = {
    coreFile: join(folder, dump),
    program: join(folder, "app.wasm"),
    modules: { "lib.wasm": join(folder, "lib.wasm") },
  };
  return new OpenedCrash(await openCrash(args, host), args, host);
}

/** The bytes where a frame's `calls` is, by its reference. */
function bytesOfCalls(crash: OpenedCrash, frame: Frame): readonly number[] {
  const { value } = frame
    .scopes()
    .flatMap((scope) => scope.variables())
    .find(({ name }) => name === "calls")!;
  const reference = parseMemoryReference(memoryReferenceOf(value, crash.ownerOf(frame))!);
  const bytes = readMemory(crash.memory(reference.memory)!, reference.at, 4);
  assert.ok(bytes instanceof Uint8Array);
  return [...bytes];
}

describe("references to memory where a program has several", () => {
  it("lead to the memory of the frame that they were shown in", async () => {
    const crash = await opened("modules.coredump");
    const [divide, average] = crash.crash.threads[0]!.frames();
    assert.deepEqual(bytesOfCalls(crash, divide!), [41, 0, 0, 0]);
    assert.deepEqual(bytesOfCalls(crash, average!), [7, 0, 0, 0]);
  });

  it("lead nowhere, rather than to another memory, where it is not known which one a frame had", async () => {
    const crash = await opened("instances.coredump");
    const [divide, average] = crash.crash.threads[0]!.frames();
    assert.notEqual(crash.memory(crash.memoryOf(divide!)), undefined);
    assert.equal(crash.memory(crash.memoryOf(average!)), undefined);
  });

  it("keep their memory when a client adds to the address", () => {
    const reference = BigInt(memoryReference(address(0x1000), 3)) + 16n;
    assert.deepEqual(parseMemoryReference(`0x${reference.toString(16)}`), { memory: 3, at: 0x1010 });
  });
});
