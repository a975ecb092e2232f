/** What the passes over code ask about an opcode, found out when it is first met. */
import type { Opcode } from "../../wasm/opcodes";
import { accesses } from "./accesses";
import { ByOpcode } from "./by-opcode";
import { trapsOf } from "./checks";
import { op } from "./code";
import type { RecordableType } from "./handler";

export interface Traits {
  /** Whether something may be thrown there, by what is called or by a check. */
  readonly isSite: boolean;
  /** Whether the code behind it is reached by branches only. */
  readonly ends: boolean;
  /** What an instruction of numbers gives; undefined where that depends on the module, and of other types. */
  readonly made: RecordableType | undefined;
}

const known = new ByOpcode<Traits>();

export function traitsOf(opcode: Opcode): Traits {
  const traits = known.get(opcode.code);
  if (traits !== undefined) return traits;
  const found = newTraits(opcode);
  known.set(opcode.code, found);
  return found;
}

function newTraits({ code, mnemonic }: Opcode): Traits {
  return {
    isSite: calls.includes(code) || trapsOf(code) !== undefined,
    ends: ends.includes(code),
    made: accesses.has(code) || /^[if](32|64)\./.test(mnemonic) ? numberType(mnemonic) : undefined,
  };
}

const calls: readonly number[] = [op.call, op.callIndirect, op.callRef];

const ends: readonly number[] = [
  ...[op.unreachable, op.br, op.brTable, op.return, op.throw, op.throwRef, op.rethrow],
  ...[op.returnCall, op.returnCallIndirect, op.returnCallRef],
];

/** Comparisons are named after what they compare; accesses of vectors and memory.atomic give no number of a type here. */
function numberType(mnemonic: string): RecordableType | undefined {
  if (/^...\.(eqz?|ne|[lg][te](_[su])?)$/.test(mnemonic)) return "i32";
  const name = mnemonic.slice(0, 3);
  return name === "i32" || name === "i64" || name === "f32" || name === "f64" ? name : undefined;
}
