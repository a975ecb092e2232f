/**
 * AssemblyScript's `abort(message, file, line, column)`, which its host provides and every failed assertion,
 * `throw` and runtime check ends in. Strings are UTF-16; in front of them stand, in the runtime's header, the class
 * (rtId, 8 bytes before the pointer) and the length in bytes (rtSize, 4 bytes before it).
 *
 * A message that was just put together lies nowhere but in the call's operands, which a dump taken within the host may
 * lack. Hosts that the compiler writes throw an Error of the text "MESSAGE in FILE:LINE:COLUMN": then that has it.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { readU32 } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason, type Stopped } from "./runtime-call";

/** Text longer than this, in bytes, is no message. */
const LONGEST = 64 * 1024;

/** rtId of String: 2, and 1 before AssemblyScript 0.20. */
const STRING_IDS = [1, 2];

/** @param calls youngest first; undefined when none is AssemblyScript's abort */
export function findAssemblyScriptAbort(
  calls: readonly RuntimeCall[],
  { error }: Stopped,
): RuntimeReason | undefined {
  const call = calls.find(
    ({ name, parameters }) => /^(abort|~lib\/builtins\/abort)$/.test(name) && parameters === 4,
  );
  if (call === undefined) return undefined;
  const [message, file, line, column] = [0, 1, 2, 3].map((index) => argumentOf(call, index));
  const text = message === undefined ? undefined : readString(call.machine, message);
  const path = file === undefined ? undefined : readString(call.machine, file);
  // C's abort has no arguments, but a host function of this name may have any: a place or a string makes it this one.
  const isPlaced = path !== undefined && line !== undefined && column !== undefined && line > 0 && column > 0;
  const isBare = text !== undefined && file === 0 && line === 0 && column === 0;
  if (!isPlaced && !isBare) return undefined;
  const title =
    text ?? (isPlaced && message !== 0 ? hostsText(error, `${path}:${line}:${column}`) : undefined);
  return {
    language: "assemblyscript-abort",
    title: title === undefined || title === "" ? "abort() was called" : title,
    details: isPlaced ? [`at ${path}:${line}:${column}`] : [],
  };
}

/** The message in the text of the host's Error, if that is of this place. */
function hostsText(error: string | undefined, place: string): string | undefined {
  const text = error?.replace(/^Error: (abort: )?/, "").split("\n    at ")[0];
  return text?.endsWith(` in ${place}`) ? text.slice(0, -` in ${place}`.length) : undefined;
}

/** A managed string; undefined when there is none at the address. */
function readString(machine: Machine, at: number): string | undefined {
  const length = at < 8 ? undefined : readU32(machine, at - 4);
  if (length === undefined || length % 2 !== 0 || length > LONGEST) return undefined;
  if (!STRING_IDS.includes(readU32(machine, at - 8) ?? 0)) return undefined;
  const bytes = machine.memory(address(at), length);
  if (bytes instanceof Missing) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let offset = 0; offset < length; offset += 2)
    text += String.fromCharCode(view.getUint16(offset, true));
  return text;
}
