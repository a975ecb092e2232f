/** The thread of an inspector's WebSocket: hands its messages on, whatever the other thread is waiting for. */
import { workerData } from "node:worker_threads";
import { WebSocket } from "ws";
import { goodbye, type SocketData, type SocketEvent } from "./connection";

const { url, port, posted } = workerData as SocketData;

function post(event: SocketEvent): void {
  port.postMessage(event);
  Atomics.add(posted, 0, 1);
  Atomics.notify(posted, 0);
}

// Messages are as large as modules and memories are.
const socket = new WebSocket(url, { maxPayload: 0, perMessageDeflate: false });
const unsent: string[] = [];
socket.on("open", () => {
  for (const text of unsent) socket.send(text);
  post({ opened: true });
});
socket.on("message", (data) => post({ text: String(data) }));
socket.on("error", (error) => post({ closed: error.message }));
socket.on("close", () => post({ closed: "the program has closed the connection" }));
port.on("message", (text: string | typeof goodbye) => {
  if (text === goodbye) end();
  else if (socket.readyState === WebSocket.CONNECTING) unsent.push(text);
  else if (socket.readyState === WebSocket.OPEN) socket.send(text);
});

/** Milliseconds that the program may take to say goodbye as well. */
const PATIENCE = 1000;

function end(): void {
  port.close();
  socket.close();
  setTimeout(() => socket.terminate(), PATIENCE).unref();
}
