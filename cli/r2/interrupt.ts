/** Ctrl-C as a signal that a fetch or an upload ends by: what came so far is kept. */

/** Status of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Runs `work`; at Ctrl-C its signal is aborted, and what it then rejects with is no error of the command. */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once("SIGINT", interrupt);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    process.off("SIGINT", interrupt);
  }
}
