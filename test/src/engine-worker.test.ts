/** The engine in a Worker of its own, as a browser has it: tasks, the editor's files, and what is wrong with them. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { after, describe, it } from "mocha";
import { PagedSource } from "../../engine/bytes/source";
import { type Host, HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { EngineClient, type EngineWorker } from "../../src/web/engine-client";
import type { Port, Task } from "../../src/web/messages";
import { serve } from "../../src/web/serve";

const classic = join(__dirname, "../../examples/rust-classic");
const coreFile = join(classic, "app.coredump");
const program = join(classic, "target/wasm32-wasip1/debug/app.wasm");

/** Bytes of a custom section, and what it begins with: its id, its size as LEB128, and an empty name. */
const LARGE = 2 ** 25 - 1;
const LARGE_SECTION = Uint8Array.of(0, 0x80, 0x80, 0x80, 0x10, 0);

/** Two ends of a line that carries copies, as those between Workers do. */
function line(): { near: EngineWorker; far: Port } {
  const end = (): EngineWorker => ({ postMessage() {}, onmessage: null, onerror: null, terminate() {} });
  const [near, far] = [end(), end()];
  const carry =
    (to: Port) =>
    (message: unknown, transfer: readonly ArrayBuffer[] = []) => {
      const data = structuredClone(message, { transfer: [...transfer] });
      setImmediate(() => to.onmessage?.({ data: data as never }));
    };
  near.postMessage = carry(far);
  far.postMessage = carry(near);
  return { near, far };
}

function engine(task: Task, host: Host = new NodeHost()): EngineClient {
  const { near, far } = line();
  serve(far);
  return new EngineClient(near, host, task);
}

describe("the engine in a Worker", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  after(() => rmSync(folder, { recursive: true }));

  it("makes a dump's page from the editor's files", async () => {
    const client = engine({ kind: "crash page", args: { coreFile, program }, actions: [] });
    const { body } = (await client.outcome) as { body: string };
    client.close();
    assert.match(body, /attempt to subtract with overflow/);
  });

  it("says on the page what is wrong with a file, in the editor's words", async () => {
    for (const [file, words] of [
      [join(classic, "gone.coredump"), /gone\.coredump does not exist/],
      [join(classic, "src", "main.rs"), /main\.rs/],
    ] as const) {
      const client = engine({ kind: "crash page", args: { coreFile: file }, actions: [] });
      const { body } = (await client.outcome) as { body: string };
      client.close();
      assert.match(body, words);
    }
  });

  it("says that the engine failed, and not a file", async () => {
    const { near } = line();
    const client = new EngineClient(near, new NodeHost(), { kind: "adapter", texts: {} });
    near.onerror?.({ message: "out of memory" });
    await assert.rejects(
      client.outcome,
      (error) => !(error instanceof HostError) && /memory/.test(String(error)),
    );
  });

  it("looks at a dump before its session", async () => {
    const client = engine({ kind: "examine", args: { coreFile, program } });
    const { problems } = (await client.outcome) as { problems: readonly string[] };
    client.close();
    assert.deepEqual(problems, []);
  });

  it("debugs, and reads of a file in ranges no more than it needs", async () => {
    const large = join(folder, "large.coredump");
    writeFileSync(large, readFileSync(coreFile));
    appendFileSync(large, LARGE_SECTION);
    truncateSync(large, statSync(large).size + LARGE);
    const opened: PagedSource[] = [];
    const host = new NodeHost();
    const open = host.open.bind(host);
    host.open = async (path) => {
      const source = await open(path);
      if (source instanceof PagedSource) opened.push(source);
      return source;
    };
    const client = engine({ kind: "adapter", texts: {} }, host);
    let seq = 0;
    const responses = new Map<number, (body: DebugProtocol.Response) => void>();
    client.onMessage = (message) => {
      if (message.type === "response") {
        const response = message as DebugProtocol.Response;
        responses.get(response.request_seq)?.(response);
      }
    };
    const ask = (command: string, args: object): Promise<DebugProtocol.Response> => {
      const request: DebugProtocol.Request = { seq: ++seq, type: "request", command, arguments: args };
      const answered = new Promise<DebugProtocol.Response>((resolve) => responses.set(request.seq, resolve));
      client.say(request);
      return answered;
    };
    await ask("initialize", { adapterID: "wasm-coredump" });
    assert.ok((await ask("launch", { coreFile: large, program })).success);
    const { body } = await ask("evaluate", { expression: "value - 1", context: "watch" });
    assert.equal(body.result, "2");
    client.close();
    const dump = opened.find(({ name }) => name === large)!;
    assert.ok(dump.size > LARGE);
    assert.ok(dump.counters.bytesRead < 1_000_000, `${dump.counters.bytesRead} bytes of the dump`);
  });
});
