/**
 * Watches a program that runs already, through the WebSocket of its inspector: Node (`node --inspect`), Chromium
 * (`--remote-debugging-port`) with the page's workers and frames, a Worker under `wrangler dev` or Miniflare. At each
 * trap it stands still until its dump is taken, and goes on.
 */
import { Connection, type Message } from "./connection";
import { InspectorError } from "./inspector";
import { RemoteInspector } from "./remote";
import { type CaptureOptions, TrapWatch } from "./session";

export interface AttachOptions extends CaptureOptions {
  /** Script of the thread that holds the WebSocket: socket.ts, bundled. */
  readonly socketFile: string;
  /** Called when the connection has ended, with the reason. */
  readonly onClose: (reason: string) => void;
}

/** What Chromium says of a page's worker or frame. */
interface AttachedToTarget {
  readonly sessionId: string;
}

export class Attached {
  private readonly targets = new Map<string | undefined, RemoteInspector>();
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

  /** Lets go of the program, which runs on. */
  close(): void {
    this.connection.close("it was let go");
  }

  private handle(event: Message): void {
    try {
      if (event.method === "Target.attachedToTarget")
        this.watch((event.params as AttachedToTarget).sessionId);
      else this.targets.get(event.sessionId)?.handle(event);
    } catch (error) {
      // A target that is gone answers no more; the others do.
      if (!(error instanceof InspectorError)) throw error;
    }
  }

  private watch(sessionId: string | undefined): void {
    const inspector = new RemoteInspector(this.connection, sessionId);
    this.targets.set(sessionId, inspector);
    TrapWatch.start(this.options, inspector);
    if (this.options.pauses) inspector.command("Debugger.pause");
    const optional = [
      ["Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }],
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
