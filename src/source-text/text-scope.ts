/**
 * What of a text the function at a place sees there, by braces and declarations alone: for modules whose debug
 * information does not tell, as AssemblyScript's.
 */
import type { Token } from "./lexer";

/** A part of the text where names mean what a frame sees, in UTF-16 code units. */
export interface TextScope {
  readonly start: number;
  readonly end: number;
  /** Whether a name there is one that a block of its own declares, which has ended. */
  isOver(name: string, at: number): boolean;
}

interface Block {
  readonly start: number;
  readonly declared: Set<string>;
  /** Brackets that were open before it. */
  readonly depth: number;
  /** Of `for (let i …) …`, which ends with the statement that it repeats. */
  readonly isLoop: boolean;
}

/** Words in front of a parenthesis and a block that are no function. */
const CONTROL = /^(if|for|while|switch|catch|with|else|do|match|loop)$/;
const DECLARING = /^(let|const|var)$/;

/** What of the text the function at a place sees there. @param at where the frame stands */
export function scopeOfText(tokens: readonly Token[], at: number): TextScope {
  const before = tokens.filter(({ start }) => start <= at);
  const { first, brace } = functionAt(before);
  const over: { name: string; start: number; end: number }[] = [];
  const open: Block[] = [];
  let depth = 0;
  const close = (end: number): void => {
    const { start, declared } = open.pop()!;
    for (const name of declared) over.push({ name, start, end });
  };
  /** A loop without braces ends with its statement, one with braces with them. */
  const closeLoops = (end: number): void => {
    while (open.at(-1)?.isLoop && open.at(-1)!.depth === depth) close(end);
  };
  for (let index = first; index < before.length; index++) {
    const { kind, text, start, end } = before[index]!;
    if (kind === "name" && text === "for") open.push({ start, declared: new Set(), depth, isLoop: true });
    if (kind === "name" && DECLARING.test(before[index - 1]?.text ?? "")) open.at(-1)?.declared.add(text);
    if (kind !== "punctuation") continue;
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (text === "{") open.push({ start, declared: new Set(), depth: depth++, isLoop: false });
    if (text === "}" && open.some(({ isLoop }) => !isLoop)) {
      while (open.at(-1)!.isLoop) close(end);
      depth = open.at(-1)!.depth;
      close(end);
      closeLoops(end);
    }
    if (text === ";") closeLoops(end);
  }
  return {
    start: before[first]?.start ?? 0,
    end: tokens[closing(tokens, brace)]?.end ?? Number.POSITIVE_INFINITY,
    isOver: (name, at) => over.some((one) => one.name === name && one.start <= at && at < one.end),
  };
}

/**
 * The innermost function whose block is open behind the last token: its first token and its brace. Without one, the
 * whole text.
 */
function functionAt(tokens: readonly Token[]): { first: number; brace: number | undefined } {
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "punctuation") continue;
    if (text === "{") open.push(index);
    if (text === "}") open.pop();
  }
  for (const brace of open.reverse()) {
    let first = brace;
    while (first > 0 && !/^[;{}]$/.test(tokens[first - 1]!.text)) first--;
    const header = tokens.slice(first, brace);
    if (header.some(({ text }) => text === "(") && !header.some(({ text }) => CONTROL.test(text)))
      return { first, brace };
  }
  return { first: 0, brace: undefined };
}

/** The brace that closes a block; -1 where there is none. */
function closing(tokens: readonly Token[], brace: number | undefined): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }, index) => {
    if (brace === undefined || index < brace || kind !== "punctuation") return false;
    if (text === "{") depth++;
    return text === "}" && --depth === 0;
  });
}
