/**
 * Which of a frame's variables a name of the text means: from what the adapter says of the function's lines, and where
 * it knows none (a module without DWARF) from the text's own blocks.
 */
import type { NamedValue, VisibleNamesBody } from "../../adapter/requests/visible-names";
import type { Token } from "./lexer";
import { scopeOfText } from "./text-scope";
import type { Span } from "./values";

/**
 * The value of a name on a line, counted from 1: of the variable that was declared last above it, whose block is still
 * open there. Undefined where that is none of the frame's.
 */
function valueOn(
  line: number,
  name: string,
  { names, inner }: Pick<VisibleNamesBody, "names" | "inner">,
): string | undefined {
  if (inner.some(({ startLine, endLine }) => startLine <= line && line <= endLine)) return undefined;
  let best: NamedValue | undefined;
  for (const named of names) {
    if (named.name !== name) continue;
    const { extent } = named;
    if (extent === undefined) best ??= named;
    else if (extent.declared <= line && line <= extent.endLine && isNearer(named, best)) best = named;
  }
  const extent = best?.extent;
  // Between the two stands the rest of the declaration's statement.
  const isBetween = extent !== undefined && line > extent.declared && line < extent.startLine;
  return isBetween ? undefined : best?.value;
}

function isNearer({ extent, value }: NamedValue, before: NamedValue | undefined): boolean {
  const [declared, other] = [extent?.declared ?? 0, before?.extent?.declared ?? 0];
  return declared > other || (declared === other && (before === undefined || value !== undefined));
}

/** The values that names of the text have for a frame; without those that are none of its variables there. */
export function valuesOf(
  names: readonly Span[],
  { visible, tokens, stop, lineAt }: FrameText,
): { readonly name: Span; readonly value: string }[] {
  const { lines } = visible;
  const text = lines === undefined ? scopeOfText(tokens, stop) : undefined;
  const isInside = ({ text: name, start }: Span): boolean =>
    text === undefined || (text.start <= start && start < text.end && !text.isOver(name, start));
  return names.flatMap((name) => {
    const line = lineAt(name.start);
    if (lines !== undefined && (line < lines.startLine || line > lines.endLine)) return [];
    const value = isInside(name) ? valueOn(line, name.text, visible) : undefined;
    return value === undefined ? [] : [{ name, value }];
  });
}

/** A text in which a frame stands. */
export interface FrameText {
  readonly visible: Pick<VisibleNamesBody, "lines" | "names" | "inner">;
  readonly tokens: readonly Token[];
  /** Where the frame stands, in UTF-16 code units. */
  readonly stop: number;
  /** The line of a place in the text, counted from 1. */
  readonly lineAt: (offset: number) => number;
}
