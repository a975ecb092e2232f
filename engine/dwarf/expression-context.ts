/** What a DWARF expression may ask for while it is evaluated. */
import type { Address, CodeOffset } from "../bytes/offsets";
import type { Changes, Machine } from "./machine";
import type { DebugInformation, Entry, LocationSpan, Unit } from "./model";

export interface ExpressionContext {
  readonly machine: Machine;
  /** The unit that the expression belongs to. */
  readonly unit: Unit;
  /** The concrete out-of-line subprogram, owner of DW_AT_frame_base; undefined outside of functions. */
  readonly subprogram: Entry | undefined;
  /** Where the frame stands, for location lists. */
  readonly pc: CodeOffset | undefined;
  readonly debug: DebugInformation | undefined;
  /** Since which instruction the expression holds; a local that was assigned since is of another value. */
  readonly holds?: LocationSpan | undefined;
  /** What the variable that it describes may get after its first value; anything, where that is not told. */
  readonly changes?: (() => Changes) | undefined;
  /** Whether the object can lie in memory alone, so that what may be its value or its address is its address. */
  readonly inMemory?: boolean | undefined;
  /** What DW_OP_push_object_address pushes. */
  readonly objectAddress?: Address | undefined;
  /** Values on the stack before the first operation, bottom first: DW_AT_data_member_location gets the base. */
  readonly initialStack?: readonly bigint[] | undefined;
}
