/** A debug adapter's client as an editor is one: from `initialize` to the variables of the crash frame. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { DebugProtocol } from "@vscode/debugprotocol";

/** Frames that an editor asks for at first. */
const FRAMES = 20;

/** Asks for a crash frame's variables. Resolves to their names when they are there. */
export async function askForVariables(
  adapter: ChildProcessWithoutNullStreams,
  program: string,
  coreFile: string,
): Promise<string[]> {
  const request = connect(adapter);
  await request("initialize", { adapterID: "wasm-coredump", clientID: "bench" });
  await request("launch", { program, coreFile });
  await request("configurationDone", {});
  const { threads } = await request<DebugProtocol.ThreadsResponse>("threads", {});
  const thread = threads[0];
  if (thread === undefined) throw new Error("The dump has no thread");
  const { stackFrames } = await request<DebugProtocol.StackTraceResponse>("stackTrace", {
    threadId: thread.id,
    startFrame: 0,
    levels: FRAMES,
  });
  const standing =
    stackFrames.find(({ presentationHint }) => presentationHint === undefined) ?? stackFrames[0];
  if (standing === undefined) throw new Error("The stack is empty");
  const { scopes } = await request<DebugProtocol.ScopesResponse>("scopes", { frameId: standing.id });
  const cheap = scopes.filter((scope) => !scope.expensive && scope.presentationHint !== "registers");
  const names: string[] = [];
  for (const { variablesReference } of cheap) {
    const { variables } = await request<DebugProtocol.VariablesResponse>("variables", { variablesReference });
    names.push(...variables.map(({ name }) => name));
  }
  return names;
}

type Request = <R extends DebugProtocol.Response>(command: string, args: object) => Promise<R["body"]>;

function connect(adapter: ChildProcessWithoutNullStreams): Request {
  const waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  let pending = Buffer.alloc(0);
  adapter.stdout.on("data", (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(pending.toString("latin1", 0, 64));
      const end = header === null ? Number.POSITIVE_INFINITY : header[0].length + Number(header[1]);
      if (header === null || pending.length < end) return;
      const message = JSON.parse(pending.toString("utf8", header[0].length, end)) as DebugProtocol.Response;
      if (message.type === "response") waiting.get(message.request_seq)?.(message);
      pending = pending.subarray(end);
    }
  });
  let seq = 0;
  return (command, args) =>
    new Promise((resolve, reject) => {
      const own = ++seq;
      waiting.set(own, (response) => {
        if (response.success) resolve(response.body);
        else reject(new Error(`${command}: ${response.message}`));
      });
      const text = JSON.stringify({ seq: own, type: "request", command, arguments: args });
      adapter.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
}
