/**
 * A connection to the inspector of another process: WebSocket messages, in order, to be waited for without giving
 * anything else its turn. The socket lives in a thread of its own (socket.ts); this side sleeps until the thread has an
 * answer. So what takes a dump reads alike whether it runs in the program or beside it.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { InspectorError, ProgramGone } from "./inspector";

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

/** A part of the program that the connection leads to besides the one that was connected to. */
export interface Target {
  readonly sessionId: string;
  /** A worker thread of Node: its messages travel as texts within messages. Elsewhere they bear the session's id. */
  readonly isNodeWorker: boolean;
}

/** What Node says of a worker: a message that it sends, or that it has ended. */
interface Carried {
  readonly sessionId: string;
  readonly message: string;
}

/** What the socket's thread gives: its state, or a message's text. */
export type SocketEvent = { readonly opened: true } | { readonly closed: string } | { readonly text: string };

/** What the socket's thread is told last: it sends what it has, and ends. */
export const goodbye = null;

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
  private readonly port: MessagePort;
  private readonly posted = new Int32Array(new SharedArrayBuffer(4));
  /** Answers that are waited for, where they have come. */
  private readonly answers = new Map<number, Message | undefined>();
  /** Sessions of targets that have ended: they answer no more. */
  private readonly ended = new Set<string | undefined>();
  /** How often the program behind a session was replaced: what was asked of the one before is not answered. */
  private readonly replaced = new Map<string | undefined, number>();
  private readonly events: Message[] = [];
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
    const thread = new Worker(socketFile, { workerData, transferList: [port2] });
    thread.on("error", (error) => this.take({ closed: error.message }));
    port1.on("message", (event: SocketEvent) => this.take(event));
  }

  /**
   * Sends a command and sleeps until its answer is there.
   *
   * Node sends a worker's answer as a second small packet, which TCP holds back until the first is acknowledged: at once
   * with the next message of ours, and else only after 40 ms.
   * @throws InspectorError
   */
  command(method: string, params: object, target: Target | undefined): unknown {
    const ids = this.send(method, params, target);
    for (const id of ids) this.answers.set(id, undefined);
    const session = target?.sessionId;
    const before = this.replaced.get(session);
    const deadline = Date.now() + PATIENCE;
    let hurried = false;
    try {
      for (;;) {
        const [answer, taken] = ids.map((id) => this.answers.get(id));
        const error = answer?.error ?? taken?.error;
        if (error) throw new InspectorError(`${method}: ${error.message}`);
        if (answer !== undefined) return answer.result;
        if (this.closed !== undefined) throw new InspectorError(`${method}: ${this.closed}`);
        if (this.ended.has(session) || this.replaced.get(session) !== before)
          throw new ProgramGone(`${method}: the program has gone`);
        if (Date.now() > deadline) throw new InspectorError(`${method} was not answered`);
        if (taken !== undefined && !hurried) {
          hurried = true;
          this.send("Runtime.getIsolateId", {}, undefined);
        }
        this.receive();
      }
    } finally {
      for (const id of ids) this.answers.delete(id);
    }
  }

  /**
   * Sends a command. Nobody waits for its answer.
   * @returns the command's id, and that of the message that carries it, where there is one
   */
  send(method: string, params: object, target: Target | undefined): readonly number[] {
    const id = ++this.lastId;
    const command = { id, method, params };
    const post = (message: object): void => this.port.postMessage(JSON.stringify(message));
    if (target?.isNodeWorker !== true) {
      post({ ...command, ...(target && { sessionId: target.sessionId }) });
      return [id];
    }
    const { sessionId } = target;
    const carrier = ++this.lastId;
    post({
      id: carrier,
      method: "NodeWorker.sendMessageToWorker",
      params: { sessionId, message: JSON.stringify(command) },
    });
    return [id, carrier];
  }

  /** @param reason what `onClose` is told, if the connection was open */
  close(reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    this.port.postMessage(goodbye);
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
      this.takeMessage(JSON.parse(event.text) as Message);
    }
  }

  private takeMessage(message: Message): void {
    const { id, method } = message;
    if (id !== undefined) {
      if (this.answers.has(id)) this.answers.set(id, message);
      return;
    }
    const { sessionId = "", message: carried = "{}" } = (message.params ?? {}) as Partial<Carried>;
    if (method === "NodeWorker.receivedMessageFromWorker") {
      this.takeMessage({ ...(JSON.parse(carried) as Message), sessionId });
      return;
    }
    if (method === "NodeWorker.detachedFromWorker" || method === "Target.detachedFromTarget")
      this.ended.add(sessionId);
    if (method === "Runtime.executionContextsCleared")
      this.replaced.set(message.sessionId, (this.replaced.get(message.sessionId) ?? 0) + 1);
    this.events.push(message);
    setImmediate(() => this.handleEvent()); // when what waits for an answer is done
  }

  /** One at a time, so that what else this process hears of, such as Control-C, has its turn between them. */
  private handleEvent(): void {
    const event = this.events.shift();
    if (event !== undefined) this.onEvent(event);
  }
}
