/**
 * Watches a program that runs already, through the WebSocket of its inspector: Node (`node --inspect`) with its worker
 * threads, Chromium (`--remote-debugging-port`) with the page's workers and frames, a Worker under `wrangler dev` or
 * Miniflare. At each trap it stands still until its dump is taken, and goes on.
 */
import { Connection, type Message, type Target } from "./connection";
import { InspectorError } from "./inspector";
import { RemoteInspector } from "./remote";
import { type CaptureOptions, TrapWatch } from "./session";

export interface AttachOptions extends CaptureOptions {
  /** Script of the thread that holds the WebSocket: socket.ts, bundled. */
  readonly socketFile: string;
  /** Called when the connection has ended, with the reason. */
  readonly onClose: (reason: string) => void;
}

/** The events that tell of another target: a page's worker or frame, a worker thread. */
const ATTACHED = { "Target.attachedToTarget": false, "NodeWorker.attachedToWorker": true } as const;
const isAttached = (method: string | undefined): method is keyof typeof ATTACHED =>
  method !== undefined && Object.hasOwn(ATTACHED, method);

export class Attached {
  private readonly targets = new Map<string | undefined, RemoteInspector>();
  private readonly workers = new Set<string>();
  private readonly connection: Connection;

  /** @throws InspectorError when there is no inspector at `url`, or it is none of V8's */
  constructor(
    url: string,
    private readonly options: AttachOptions,
  ) {
    const { socketFile, onClose } = options;
    this.connection = new Connection(url, socketFile, (event) => this.handle(event), onClose);
    try {
      this.watch(undefined);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Lets go of the program, which runs on. A worker of Node that is paused does so when it is let go by itself only. */
  close(): void {
    for (const sessionId of this.workers) this.connection.send("NodeWorker.detach", { sessionId }, undefined);
    this.connection.close("it was let go");
  }

  private handle(event: Message): void {
    try {
      const { method } = event;
      if (isAttached(method))
        this.watch({ ...(event.params as Pick<Target, "sessionId">), isNodeWorker: ATTACHED[method] });
      else this.targets.get(event.sessionId)?.handle(event);
    } catch (error) {
      // A target that is gone answers no more; the others do.
      if (!(error instanceof InspectorError)) throw error;
    }
  }

  private watch(target: Target | undefined): void {
    const inspector = new RemoteInspector(this.connection, target);
    this.targets.set(target?.sessionId, inspector);
    if (target?.isNodeWorker) this.workers.add(target.sessionId);
    TrapWatch.start(this.options, inspector);
    if (this.options.pauses) inspector.command("Debugger.pause");
    const optional = [
      ["Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }],
      ["NodeWorker.enable", { waitForDebuggerOnStart: true }],
      ["Runtime.runIfWaitingForDebugger", {}],
    ] as const;
    for (const [method, parameters] of optional)
      try {
        inspector.command(method, parameters);
      } catch (error) {
        if (!(error instanceof InspectorError)) throw error; // not every host knows them
      }
  }
}
