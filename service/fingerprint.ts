/**
 * What equal crashes have in common: the kind and text of the reason and the program's own youngest functions, without
 * what differs from run to run and from build to build (numbers, addresses, lines, hashes, type arguments).
 */
import type { Triage, TriageFrame } from "../engine/postmortem/triage";
import { hexOf, sha256 } from "./hash";

/** Functions that count. */
const TOP = 5;

/** The texts that are compared: they are Sentry's fingerprint too. */
export function fingerprintParts({ reason, frames, crashFrame }: Triage): readonly string[] {
  const from = frames.slice(crashFrame ?? 0);
  const own = from.filter(({ origin }) => origin === "program");
  const functions = (own.length > 0 ? own : from).map(functionOf);
  // However deep a recursion was.
  const counted = functions.filter((name, index) => name !== functions[index - 1]).slice(0, TOP);
  return [reason.kind, withoutNumbers(reason.title), ...counted];
}

/** 16 hex digits. */
export async function fingerprintOf(facts: Triage): Promise<string> {
  return hexOf((await sha256(fingerprintParts(facts).join("\n"))).subarray(0, 8));
}

/** The function; where nothing names it, its index and the place in it, which are a build's own. */
function functionOf({ function: name, module, fileOffset }: TriageFrame): string {
  if (/^wasm-function\[/.test(name)) return `${module} ${name} ${fileOffset ?? ""}`;
  return withoutNumbers(withoutArguments(name).replace(/::h[0-9a-f]{16}$/, ""));
}

const withoutNumbers = (text: string): string => text.replace(/0x[0-9a-f]+|\d+/gi, "#");

/** `Document<6, 0>::visit` and `Document<7, 1>::visit` are one function of the source. */
function withoutArguments(name: string): string {
  let text = "";
  let depth = 0;
  for (const [index, character] of [...name].entries()) {
    const isArrow = character === ">" && name[index - 1] === "-";
    if (character === "<") depth++;
    if (depth === 0) text += character;
    if (character === ">" && depth > 0 && !isArrow) depth--;
  }
  return text === "" ? name : text;
}
