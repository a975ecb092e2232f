/** Requests of an isolate share its memory: those beyond wait, and none waits for one that will never go on. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Budget } from "../../service/budget";

describe("a budget", () => {
  it("never gives more than there is, and gives everybody their turn", async () => {
    const budget = new Budget(10, { wait: 5000, hold: 5000 });
    let most = 0;
    let done = 0;
    const use = async () => {
      const reservation = await budget.reserve(4);
      most = Math.max(most, budget.held);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reservation.release();
      reservation.release();
      done++;
    };
    await Promise.all(Array.from({ length: 12 }, use));
    assert.deepEqual([most, done, budget.held], [8, 12, 0]);
  });

  it("takes back what turned out not to be needed", async () => {
    const budget = new Budget(10, { wait: 0, hold: 5000 });
    const reservation = await budget.reserve(10);
    reservation.shrink(3);
    assert.equal(budget.held, 3);
    (await budget.reserve(7)).release();
    reservation.release();
    assert.equal(budget.held, 0);
  });

  it("says that it is busy, rather than have one wait for ever", async () => {
    const budget = new Budget(10, { wait: 20, hold: 60_000 });
    await budget.reserve(10);
    await assert.rejects(budget.reserve(1), { name: "Refusal", status: 503 });
  });

  it("forgets what a request holds that was given up", async () => {
    const budget = new Budget(10, { wait: 5000, hold: 20 });
    await budget.reserve(10);
    const reservation = await budget.reserve(10);
    assert.equal(budget.held, 10);
    reservation.release();
  });
});
