/**
 * `wasm/findInMemory` and `wasm/findPointers`, requests of our own: where a text, bytes or a number lies in a frame's
 * memory, and what points at an object. A search of gigabytes shows its progress and can be cancelled.
 */
import { t } from "@vscode/l10n";
import type { LongWork } from "../../engine/bytes/long-work";
import { WorkPending } from "../../engine/bytes/long-work";
import type { CoreMemory } from "../../engine/coredump/model";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { isTyped } from "../../engine/expressions/typed";
import { MemoryOwners } from "../../engine/postmortem/memory-owners";
import { BytesSearch, PointerSearch } from "../../engine/postmortem/memory-search";
import type { Frame } from "../../engine/postmortem/model";
import { functionSlot } from "../../engine/values/function-pointers";
import type { Value } from "../../engine/values/model";
import { strip } from "../../engine/values/types";
import { type Match, type Matches, MOST_MATCHES, matchAt } from "../memory/matches";
import { needleOf, type Wanted } from "../memory/needle";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";
import type { OpenedCrash } from "../state/opened-crash";

interface InFrame {
  /** The crash frame by itself. */
  readonly frameId?: number;
}

const BOUNDS = { most: MOST_MATCHES };

export const findInMemory: RequestHandler<Wanted & InFrame, Matches> = {
  command: "wasm/findInMemory",
  handle(session, args) {
    const place = placeOf(session.crash, args);
    const { kind, text } = args;
    const type = args.kind === "number" ? args.type : "";
    const search = place.opened.work(
      `find ${place.number} ${kind} ${type} ${text}`,
      () => new BytesSearch(place.memory, needleOf(args), BOUNDS),
    );
    return listed(place, finished(search).found, []);
  },
};

/** `expression` is an object, a pointer to one, or an address; what is looked for are pointers into the object. */
export const findPointers: RequestHandler<{ expression: string } & InFrame, Matches> = {
  command: "wasm/findPointers",
  handle(session, args) {
    const place = placeOf(session.crash, args);
    const target = targetOf(args.expression, place);
    const size = place.frame.physical.machine.addressSize === 8 ? 8 : 4;
    const search = place.opened.work(
      `pointers ${place.number} ${target.start} ${target.end}`,
      () => new PointerSearch(place.memory, target, size, BOUNDS),
    );
    const { found } = finished(search);
    const isListed = new Set(found);
    const others = place.owners
      .pointingInto(target.start, target.end)
      .filter(({ value }) => value.address === undefined || !isListed.has(value.address))
      .map(({ name, value }): Match => ({ place: name, preview: value.text() }));
    return listed(place, found, others);
  },
};

interface Place {
  readonly opened: OpenedCrash;
  readonly frame: Frame;
  readonly memory: CoreMemory;
  readonly number: number;
  readonly owners: MemoryOwners;
}

/** @throws AdapterError when the dump does not have the frame's memory */
function placeOf(opened: OpenedCrash, { frameId }: InFrame): Place {
  const known = frameId === undefined ? undefined : opened.frame(frameId);
  const frame = known?.frame ?? opened.crashFrame;
  const number = opened.memoryOf(frame);
  const memory = opened.memory(number);
  if (memory === undefined) throw errors.badSearch(t("The core dump does not have this frame's memory."));
  const owners = new MemoryOwners(opened.crash, known?.thread ?? opened.crashedThread, frame);
  return { opened, frame, memory, number, owners };
}

/**
 * The addresses of what an expression leads to, as "view memory" does: what a pointer points at, else the object
 * itself; a number is an address alone.
 */
function targetOf(expression: string, { frame, opened }: Place): { start: number; end: number } {
  if (/^\s*(0x[\da-f]+|\d+)\s*$/i.test(expression)) {
    const start = Number(expression);
    return { start, end: start + 1 };
  }
  const value = evaluateInFrame(expression, frame, opened.crash.reason);
  if (value.missing !== undefined) throw errors.badSearch(t("{0} is {1}", expression, value.text()));
  const isPointer = value.target !== undefined && functionSlot(value) === undefined;
  const start = isPointer ? value.target : value.address;
  if (start === undefined)
    throw errors.badSearch(t("{0} is not in memory, so nothing points at it.", expression));
  const size = isPointer ? pointedSize(value) : value.size;
  return { start, end: start + Math.max(1, size ?? 1) };
}

/** Bytes of what a pointer points at; undefined when its type does not say. */
function pointedSize(value: Value): number | undefined {
  const type = isTyped(value) ? strip(value.type) : undefined;
  return type?.kind === "pointer" ? type.target.size : undefined;
}

/** @throws WorkPending as long as there is more to do */
function finished<Work extends LongWork>(work: Work): Work {
  if (!work.step()) throw new WorkPending(work);
  return work;
}

function listed(
  { memory, number, owners }: Place,
  found: readonly number[],
  others: readonly Match[],
): Matches {
  const matches = found.slice(0, MOST_MATCHES).map((at) => matchAt(at, memory, number, owners));
  return { matches: [...others, ...matches], more: found.length > MOST_MATCHES };
}
