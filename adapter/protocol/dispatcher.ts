/**
 * Requests in, responses and events out. Requests are answered one after another in the order of their
 * arrival, so that a client may send several without waiting; `immediate` ones (cancel) overtake.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { WorkPending } from "../../engine/bytes/long-work";
import { type BytesNotResident, settle } from "../../engine/bytes/remote-source";
import type { Connection, Session } from "../state/session";
import { errorBody, errors } from "./errors";
import { workThrough } from "./progress";
import type { RequestHandler } from "./request";

export class Dispatcher implements Connection {
  private readonly handlers: ReadonlyMap<string, RequestHandler>;
  private readonly session: Session;
  private sequence = 0;
  private turn: Promise<void> = Promise.resolve();
  /** Requests that wait for their turn or are being answered, by `seq`; true once cancelled. */
  private readonly waiting = new Map<number, boolean>();

  /**
   * @param open makes the session over this connection
   * @param transmit takes each message for the client
   */
  constructor(
    handlers: readonly RequestHandler[],
    open: (connection: Connection) => Session,
    private readonly transmit: (message: DebugProtocol.ProtocolMessage) => void,
  ) {
    this.handlers = new Map(handlers.map((handler) => [handler.command, handler]));
    this.session = open(this);
  }

  /** Takes a message of the client. Resolves when it has been answered. */
  receive(message: DebugProtocol.ProtocolMessage): Promise<void> {
    if (message.type !== "request") return Promise.resolve();
    const request = message as DebugProtocol.Request;
    if (this.handlers.get(request.command)?.immediate) return this.answer(request);
    this.waiting.set(request.seq, false);
    this.turn = this.turn.then(() => this.answer(request));
    return this.turn;
  }

  /** Marks a request that waits or does long work as cancelled; one that was answered is left alone. */
  cancel(seq: number): void {
    if (this.waiting.has(seq)) this.waiting.set(seq, true);
  }

  sendEvent(event: string, body?: object): void {
    this.send({ type: "event", event, ...(body === undefined ? {} : { body }) });
  }

  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response = { type: "response", request_seq: request.seq, command: request.command };
    const isCancelled = (): boolean => this.waiting.get(request.seq) === true;
    try {
      if (isCancelled()) throw errors.cancelled();
      const handler = this.handlers.get(request.command);
      if (handler === undefined) throw errors.unknownCommand(request.command);
      const body = await settle(
        () => handler.handle(this.session, request.arguments ?? {}),
        (pending) => this.wait(pending, request.seq, isCancelled),
      );
      this.send({ ...response, success: true, ...(body === undefined ? {} : { body }) });
      await this.followUp(handler, request);
    } catch (error) {
      this.send({ ...response, success: false, ...errorBody(error) });
    } finally {
      this.waiting.delete(request.seq);
    }
  }

  /** Gets what a request's answer needs: bytes, or the outcome of long work. */
  private wait(pending: BytesNotResident, seq: number, isCancelled: () => boolean): Promise<void> {
    if (!(pending instanceof WorkPending)) return pending.source.load(pending.offset, pending.length);
    const reports = this.session.client.showsProgress;
    return workThrough(pending.work, {
      seq,
      isCancelled,
      reports,
      sendEvent: (event, body) => this.sendEvent(event, body),
    });
  }

  /** The response is gone, so what fails from here on can only be told in the console. */
  private async followUp(handler: RequestHandler, request: DebugProtocol.Request): Promise<void> {
    try {
      await settle(() => handler.after?.(this.session, request.arguments ?? {}));
    } catch (error) {
      this.sendEvent("output", { category: "stderr", output: `${errorBody(error).message}\n` });
    }
  }

  private send(message: object): void {
    this.transmit({ seq: ++this.sequence, ...message } as DebugProtocol.ProtocolMessage);
  }
}
