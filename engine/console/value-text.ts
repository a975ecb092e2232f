/**
 * A value as the console prints it: on one line where that shows all of it, else a member a line. Depth, width
 * and the number of lines are bounded by the settings.
 */
import type { Child, Value } from "../values/model";
import { formatOf, type Settings } from "./settings";

/** Lines that one value may take: what is deeper can be asked for by itself. */
const MOST_LINES = 2000;
/** A summary leaves something out where it has one of these. */
const CUT = /…/;

export function valueText(value: Value, settings: Settings): string {
  const summary = value.text(formatOf(settings));
  if (!hasMembers(value) || !takesLines(value, summary, settings)) return summary;
  const lines = new Lines(settings);
  lines.tree(value, 0);
  return lines.text();
}

/** Whether a value is more than its one line tells, or than it may tell. */
const takesLines = (value: Value, summary: string, settings: Settings): boolean =>
  settings.pretty === true || isLong(value, settings) || (settings.pretty === "auto" && CUT.test(summary));

/** Whether there is anything to open: an array whose length nobody knows has nothing. */
const hasMembers = ({ children }: Value): boolean =>
  children !== undefined && children.namedCount + children.indexedCount > 0;

const isLong = ({ children }: Value, { elements }: Settings): boolean =>
  (children?.indexedCount ?? 0) > elements;

class Lines {
  private readonly lines: string[] = [];

  constructor(private readonly settings: Settings) {}

  text(): string {
    return this.lines.join("\n");
  }

  /** The value's own line and its members below it. */
  tree(value: Value, depth: number, name?: string): void {
    const summary = value.text(formatOf(this.settings));
    const label = name === undefined ? "" : `${name} = `;
    const open = hasMembers(value) && depth < this.settings.depth && this.opens(value, summary);
    this.add(depth, `${label}${open ? headOf(value, summary) : summary}`);
    if (open) this.children(value, depth + 1);
  }

  /** Pointers are followed where the one line leaves something out; with `pretty` all else takes a line a member. */
  private opens(value: Value, summary: string): boolean {
    if (this.settings.pretty === true && value.target === undefined) return true;
    return CUT.test(summary) || isLong(value, this.settings);
  }

  private children(value: Value, depth: number): void {
    const children = value.children!;
    const { elements } = this.settings;
    // Views offer the members as they are under `[raw]`: that is asked for by name.
    const named = children.named().filter(({ hint }) => hint !== "virtual" && hint !== "lazy");
    for (const child of named) this.child(child, depth);
    const shown = Math.min(children.indexedCount, elements);
    for (const child of children.indexed(0, shown)) this.child(child, depth);
    if (children.indexedCount > shown) this.add(depth, `… ${children.indexedCount - shown} more`);
  }

  private child({ name, value }: Child, depth: number): void {
    if (this.lines.length >= MOST_LINES) return;
    this.tree(value, depth, name);
  }

  private add(depth: number, text: string): void {
    if (this.lines.length < MOST_LINES) this.lines.push("  ".repeat(depth) + text);
    else if (this.lines.length === MOST_LINES) this.lines.push("… cut: print a member by itself");
  }
}

/** What stands in front of the members: `Vec<u32> (len 3)` of `Vec<u32> (len 3) [1, 2, …]`; else the type. */
function headOf(value: Value, summary: string): string {
  const open = /[{[(]/.exec(summary);
  const head = open === null ? "" : summary.slice(0, open.index).trimEnd();
  return head === "" ? (value.typeName ?? "") : head;
}
