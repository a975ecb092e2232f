/** One evaluation: the frame it is made in, the rules of its language, and the maker of its values. */
import { address } from "../bytes/offsets";
import type { Missing } from "../dwarf/missing";
import { functionInTable, functionOfSlot, unitOfSlot } from "../postmortem/frames";
import { initialData } from "../postmortem/initial-data";
import type { Frame, TrapReason } from "../postmortem/model";
import type { Flavour } from "../values/flavour";
import { flavourOf } from "../values/flavours";
import type { Value } from "../values/model";
import type { FrameContext, TypedValue, World } from "../values/presentation";
import { Storage } from "../values/storage";
import { type Type, voidType } from "../values/types";
import { valueAt } from "../values/variables";
import type { Rules } from "./syntax";

/** Thrown where an operand is not known: the whole expression is then missing for that reason. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
  constructor(readonly missing: Missing) {
    super(missing.text);
  }
}

/** What a console has kept for its expressions. */
export interface Kept {
  /** Values that were printed before, the first one `$1`. */
  readonly history: readonly Value[];
  /** gdb's convenience variables, by their names with the dollar. */
  readonly variables: ReadonlyMap<string, Value>;
}

export const NOTHING_KEPT: Kept = { history: [], variables: new Map() };

export interface Session {
  readonly frame: Frame;
  readonly context: FrameContext;
  readonly world: World;
  readonly flavour: Flavour;
  readonly rules: Rules;
  /** Bytes of a pointer, and of C's `long`. */
  readonly addressSize: number;
  /** Why the program ended, for `$exception`. */
  readonly reason: TrapReason | undefined;
  readonly kept: Kept;
  /** Names that a pattern has bound. */
  readonly bound?: ReadonlyMap<string, Value>;
}

export function openSession(frame: Frame, reason?: TrapReason, kept: Kept = NOTHING_KEPT): Session {
  const { physical } = frame;
  const { machine, pc, module } = physical;
  const context: FrameContext = {
    machine,
    subprogram: pc === undefined ? undefined : frame.unit?.subprogramAt(pc),
    pc,
    debug: module.debug,
    functionInTable: (slot) => functionInTable(physical, slot),
    unitOfSlot: (slot) => unitOfSlot(physical, slot),
    functionOfSlot: (slot) => functionOfSlot(physical, slot),
    initialData: () => initialData(module.wasm),
  };
  const flavour = flavourOf(frame.language);
  return {
    frame,
    context,
    world: valueAt(voidType(flavour), address(0), context).world,
    flavour,
    rules: flavour.name === "rust" || flavour.name === "zig" ? flavour.name : "c",
    addressSize: machine.addressSize,
    reason,
    kept,
  };
}

/** A value of a type by its bits, cut to the type's size: what an expression has computed. */
export function computed(type: Type, bits: bigint, session: Session): TypedValue {
  const bytes = new Uint8Array(type.size ?? 0);
  for (let i = 0, rest = bits; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  const place = { kind: "value", bytes, provenance: "computed" } as const;
  return session.world.value(type, new Storage(place, session.context.machine));
}
