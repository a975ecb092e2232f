/** Expressions whose names lie somewhere in a large program: how far the search is, and giving it up. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { workThrough } from "../../adapter/protocol/progress";
import { LongWork } from "../../engine/bytes/long-work";
import { dumpPath, fixture, modulePath } from "../fixtures";
import { Client, VS_CODE } from "./client";

/** Work of so many steps, each of which takes 60 ms. */
class SlowWork extends LongWork {
  readonly name = "Counting";
  private done = 0;
  constructor(private readonly steps: number) {
    super();
  }
  get progress(): number {
    return this.done / this.steps;
  }
  step(): boolean {
    const until = Date.now() + 60;
    while (Date.now() < until);
    return ++this.done >= this.steps;
  }
}

const eventsOf = async (work: LongWork, reports: boolean, cancelAfter = Number.POSITIVE_INFINITY) => {
  const events: { event: string; body: DebugProtocol.ProgressStartEvent["body"] }[] = [];
  let asked = 0;
  const outcome = await workThrough(work, {
    seq: 7,
    reports,
    isCancelled: () => ++asked > cancelAfter,
    sendEvent: (event, body) => void events.push({ event, body: body as never }),
  }).then(
    () => "done",
    (error: Error) => error.message,
  );
  return { events, outcome };
};

describe("long work", () => {
  it("tells the client how far it is, and that it has ended", async () => {
    const { events, outcome } = await eventsOf(new SlowWork(12), true);
    assert.equal(outcome, "done");
    const [start] = events;
    assert.equal(start?.event, "progressStart");
    assert.deepEqual(
      [start?.body.progressId, start?.body.requestId, start?.body.cancellable],
      ["7", 7, true],
    );
    assert.equal(start?.body.title, "Counting");
    assert.deepEqual([...new Set(events.slice(1, -1).map(({ event }) => event))], ["progressUpdate"]);
    const told = events.slice(0, -1).map(({ body }) => body.percentage!);
    assert.deepEqual(
      told,
      [...new Set(told)].sort((a, b) => a - b),
    );
    assert.deepEqual(events.at(-1), { event: "progressEnd", body: { progressId: "7" } });
  });

  it("says nothing to a client that shows no progress, nor when it takes a moment only", async () => {
    assert.deepEqual(await eventsOf(new SlowWork(9), false), { events: [], outcome: "done" });
    assert.deepEqual(await eventsOf(new SlowWork(2), true), { events: [], outcome: "done" });
  });

  it("ends where it is cancelled, and its progress with it", async () => {
    const { events, outcome } = await eventsOf(new SlowWork(1000), true, 8);
    assert.equal(outcome, "cancelled");
    assert.equal(events.at(-1)?.event, "progressEnd");
  });
});

describe("an expression with a name of another unit", () => {
  const program = fixture("rust-containers");

  it("is cancelled while the program is looked through, and answered when it is asked again", async function () {
    this.timeout(30_000);
    const client = Client.inProcess();
    await client.ask("initialize", VS_CODE);
    await client.ask("launch", { program: modulePath(program), coreFile: dumpPath(program) });
    await client.ask("configurationDone");
    const expression = "sizeof(no_such_type_anywhere)";
    const answer = client.ask("evaluate", { expression });
    const { lastSeq } = client;
    await new Promise((resolve) => setTimeout(resolve, 1));
    await client.ask("cancel", { requestId: lastSeq });
    const cancelled = await answer;
    assert.deepEqual([cancelled.success, cancelled.message], [false, "cancelled"]);
    const again = await client.ask("evaluate", { expression });
    assert.match(again.message ?? "", /no_such_type_anywhere/);
    const known = await client.ask("evaluate", { expression: "sizeof(core::fmt::Formatter)" });
    assert.equal(known.success, true, known.message);
  });
});
