/**
 * A connection to the inspector of another process: WebSocket messages, in order, to be waited for without giving
 * anything else its turn. The socket lives in a thread of its own (socket.ts); this side sleeps until the thread has an
 * answer. So what takes a dump reads alike whether it runs in the program or beside it.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { InspectorError } from "./inspector";

/** A message of the Chrome DevTools Protocol: a command's answer, or an event. */
export interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: object;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  /** Which of the connection's targets it is of; none for the one that was connected to. */
  readonly sessionId?: string;
}

/** What the socket's thread gives: its state, or a message's text. */
export type SocketEvent = { readonly opened: true } | { readonly closed: string } | { readonly text: string };

/** What the socket's thread is started with. */
export interface SocketData {
  readonly url: string;
  readonly port: MessagePort;
  /** Counts what was posted; notified at each. */
  readonly posted: Int32Array;
}

/** Milliseconds that an answer is waited for: a memory of gigabytes takes its time. */
const PATIENCE = 60_000;

export class Connection {
  private readonly thread: Worker;
  private readonly port: MessagePort;
  private readonly posted = new Int32Array(new SharedArrayBuffer(4));
  private readonly answers = new Map<number, Message>();
  private readonly events: Message[] = [];
  private handling = false;
  private lastId = 0;
  private closed: string | undefined;

  /**
   * @param url of the inspector's WebSocket
   * @param socketFile the script of the socket's thread
   * @param onEvent is given each event, one at a time
   * @param onClose is told why the connection has ended
   */
  constructor(
    url: string,
    socketFile: string,
    private readonly onEvent: (event: Message) => void,
    private readonly onClose: (reason: string) => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: SocketData = { url, port: port2, posted: this.posted };
    this.thread = new Worker(socketFile, { workerData, transferList: [port2] });
    this.thread.on("error", (error) => this.take({ closed: error.message }));
    port1.on("message", (event: SocketEvent) => this.take(event));
  }

  /** Sends a command and sleeps until its answer is there. @throws InspectorError */
  command(method: string, params: object, sessionId: string | undefined): unknown {
    const id = ++this.lastId;
    this.port.postMessage(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const answer = this.answers.get(id);
      if (answer !== undefined) {
        this.answers.delete(id);
        if (answer.error) throw new InspectorError(`${method}: ${answer.error.message}`);
        return answer.result;
      }
      if (this.closed !== undefined) throw new InspectorError(`${method}: ${this.closed}`);
      if (Date.now() > deadline) throw new InspectorError(`${method} was not answered`);
      this.receive();
    }
  }

  /** @param reason what `onClose` is told, if the connection was open */
  close(reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    this.port.close();
    void this.thread.terminate();
    this.onClose(reason);
  }

  /** Takes what the socket has, or sleeps until it has something, a second at most. */
  private receive(): void {
    const seen = Atomics.load(this.posted, 0);
    const waiting = receiveMessageOnPort(this.port) as { readonly message: SocketEvent } | undefined;
    if (waiting) this.take(waiting.message);
    else Atomics.wait(this.posted, 0, seen, 1000);
  }

  private take(event: SocketEvent): void {
    if ("closed" in event) {
      this.close(event.closed);
    } else if ("text" in event) {
      const message = JSON.parse(event.text) as Message;
      if (message.id !== undefined) this.answers.set(message.id, message);
      else {
        this.events.push(message);
        setImmediate(() => this.handleEvents()); // when what waits for an answer is done
      }
    }
  }

  private handleEvents(): void {
    if (this.handling) return;
    this.handling = true;
    try {
      for (let event = this.events.shift(); event; event = this.events.shift()) this.onEvent(event);
    } finally {
      this.handling = false;
    }
  }
}
