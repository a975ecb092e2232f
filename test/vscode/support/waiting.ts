/** Waiting as a user waits: for what is to be seen, and doing again what a slow machine lost. */
import type { Locator } from "playwright-core";

/** Milliseconds between two looks. */
const PAUSE = 100;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** Repeats a check until it passes. @throws what it last threw, after `patience` milliseconds */
export async function eventually(check: () => Promise<void>, patience = 15_000): Promise<void> {
  for (const end = performance.now() + patience; ; ) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause();
  }
}

/** What a user does may be lost: it is done again until its effect shows. */
export async function until(
  effect: () => Promise<boolean>,
  act: () => Promise<unknown>,
  { attempts = 5, patience = 4000 } = {},
): Promise<void> {
  let reason: unknown = new Error("The act has no effect.");
  for (let attempt = 0; attempt < attempts; attempt++) {
    await act().catch((error: unknown) => {
      reason = error;
    });
    for (const end = performance.now() + patience; performance.now() < end; await pause())
      if (await effect()) return;
  }
  throw reason;
}

export const isShown = (element: Locator) => () => element.first().isVisible();
export const isGone = (element: Locator) => () => element.first().isHidden();
