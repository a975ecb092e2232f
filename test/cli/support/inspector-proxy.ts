/**
 * An inspector that stands before another, as that of `wrangler dev` does: where the program is replaced, those who are
 * connected stay so, and the new one is told no more than to enable its domains.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

export interface InspectorProxy {
  readonly url: string;
  /** Puts the program behind this inspector in the place of the one before. */
  replace(inspector: string): Promise<void>;
  close(): void;
}

/** @param inspector the WebSocket of the first program's inspector */
export async function inspectorProxy(inspector: string): Promise<InspectorProxy> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  let client: WebSocket | undefined;
  let program = await connected(inspector);
  const listen = () => program.on("message", (data) => client?.send(String(data)));
  listen();
  server.on("connection", (socket) => {
    client = socket;
    socket.on("message", (data) => program.send(String(data)));
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async replace(next) {
      program.removeAllListeners("message");
      program.terminate();
      client?.send(JSON.stringify({ method: "Runtime.executionContextsCleared" }));
      program = await connected(next);
      listen();
      for (const [at, method] of ["Runtime.enable", "Debugger.enable"].entries())
        program.send(JSON.stringify({ id: 1e8 + at, method }));
    },
    close() {
      client?.terminate();
      program.terminate();
      server.close();
    },
  };
}

async function connected(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}
