/**
 * A debug session: the client at one end, the crash that is open at the other. A core dump never changes, so
 * a session has no states beyond "nothing open" and "stopped at the crash".
 */
import { settle } from "../../engine/bytes/remote-source";
import type { Crash } from "../../engine/postmortem/model";
import type { Host } from "../../host/host";
import type { LaunchArguments } from "../../host/launch";
import { errors } from "../protocol/errors";
import { Client } from "./client";
import { OpenedCrash } from "./opened-crash";
import { DEFAULT_VIEW, type ViewSettings } from "./view-settings";

/** What a session may send besides the response that it gives. */
export interface Connection {
  sendEvent(event: string, body?: object): void;
  /** Takes back a request that waits for its turn. */
  cancel(seq: number): void;
}

/** Opens a dump and the modules that it is of (host/open-crash.ts). */
export type OpenCrash = (args: LaunchArguments, host: Host) => Promise<Crash>;

export class Session {
  client = new Client();
  view: ViewSettings = DEFAULT_VIEW;
  private opened: OpenedCrash | undefined;

  constructor(
    readonly connection: Connection,
    private readonly host: Host,
    private readonly openCrash: OpenCrash,
  ) {}

  /**
   * Opens a crash in the place of the one that is open, if any.
   * @throws HostError, FormatError when a file cannot be had or read
   * @throws AdapterError when the dump has no call stack
   */
  async open(args: LaunchArguments): Promise<void> {
    this.close();
    const crash = await this.openCrash(args, this.host);
    const hasStack = await settle(() => crash.threads.some((thread) => thread.frameCount > 0));
    if (!hasStack) throw errors.noThreads(args.coreFile);
    this.opened = new OpenedCrash(crash, args, this.host);
  }

  /** @throws AdapterError when nothing is open */
  get crash(): OpenedCrash {
    if (this.opened === undefined) throw errors.notLaunched();
    return this.opened;
  }

  close(): void {
    this.opened = undefined;
    this.host.close();
  }
}
