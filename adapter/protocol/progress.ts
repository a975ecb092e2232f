/**
 * Long work in slices: between them other messages are taken, the client is told how far it is, and it may be
 * cancelled by the request's number or from the progress's own button.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { LongWork } from "../../engine/bytes/long-work";
import { settle } from "../../engine/bytes/remote-source";
import { inUsersLanguage } from "../presentation/engine-texts";
import { errors } from "./errors";

/** The request that the work is done for. */
export interface Worker {
  readonly seq: number;
  readonly isCancelled: () => boolean;
  /** Whether the client shows progress (initialize, `supportsProgressReporting`). */
  readonly reports: boolean;
  sendEvent(event: string, body: object): void;
}

/** Milliseconds after which a user wonders what is going on. */
const PATIENCE = 400;

/**
 * Does all of the work.
 * @throws AdapterError when it is cancelled
 */
export async function workThrough(work: LongWork, worker: Worker): Promise<void> {
  const started = Date.now();
  const progress = new Progress(work, worker);
  try {
    while (!(await settle(() => work.step()))) {
      if (Date.now() - started > PATIENCE) progress.report();
      await pause();
      if (worker.isCancelled()) throw errors.cancelled();
    }
  } finally {
    progress.end();
  }
}

/** Lets messages that have arrived be taken. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The events about one piece of work, which are of one id: the request's number. */
class Progress {
  private readonly id: string;
  /** What was told last, in whole percent; undefined before anything was. */
  private told: number | undefined;

  constructor(
    private readonly work: LongWork,
    private readonly worker: Worker,
  ) {
    this.id = String(worker.seq);
  }

  report(): void {
    const { work, worker, id } = this;
    const percentage = Math.floor(100 * work.progress);
    if (!worker.reports || percentage === this.told) return;
    const started: DebugProtocol.ProgressStartEvent["body"] = {
      progressId: id,
      title: inUsersLanguage(work.name),
      requestId: worker.seq,
      cancellable: true,
      percentage,
    };
    if (this.told === undefined) worker.sendEvent("progressStart", started);
    else worker.sendEvent("progressUpdate", { progressId: id, percentage });
    this.told = percentage;
  }

  end(): void {
    if (this.told !== undefined) this.worker.sendEvent("progressEnd", { progressId: this.id });
  }
}
