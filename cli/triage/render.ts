/** A triage as text for a terminal. */
import { COLORED, type Palette, PLAIN } from "../../engine/console/palette";
import {
  argumentsText,
  type Triage,
  type TriageFrame,
  type TriageVariable,
} from "../../engine/postmortem/triage";
import type { Excerpt } from "../../engine/report/report";

export function renderTriage(facts: Triage, excerpt: Excerpt | undefined, color: boolean): string {
  const paint = color ? COLORED : PLAIN;
  const parts = [
    reason(facts, paint),
    crashLine(facts, excerpt, paint),
    stack(facts, paint),
    variables(facts, paint),
    warnings(facts, paint),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function reason({ reason: { title, details, trap } }: Triage, paint: Palette): string {
  const lines = [paint.strong(paint.bad(title)), ...details.map((detail) => `  ${detail}`)];
  if (!trap.startsWith(title)) lines.push(paint.dim(`  ${trap}`));
  else if (trap !== title) lines.push(paint.dim(` ${trap.slice(title.length)}`));
  return lines.join("\n");
}

function crashLine(facts: Triage, excerpt: Excerpt | undefined, paint: Palette): string {
  const frame = facts.crashFrame === null ? undefined : facts.frames[facts.crashFrame];
  if (frame === undefined) return "";
  const head = `${paint.name(frame.function)} at ${place(frame)}`;
  if (excerpt === undefined) return head;
  const width = String(excerpt.lines.at(-1)?.number ?? 0).length;
  const lines = excerpt.lines.map(({ number, text, crash }) => {
    const line = `${crash ? ">" : " "} ${String(number).padStart(width)} | ${text}`.trimEnd();
    return crash ? paint.strong(line) : line;
  });
  return [head, ...lines].join("\n");
}

function stack(facts: Triage, paint: Palette): string {
  const lines = facts.frames.map((frame) => {
    const mark = frame.index === facts.crashFrame ? ">" : " ";
    const called = `${paint.name(frame.function)}${frame.origin === "program" ? `(${argumentsText(frame)})` : ""}`;
    const line = `${mark} #${String(frame.index).padEnd(3)} ${called} at ${place(frame)}${frame.inlined ? " (inlined)" : ""}`;
    return frame.origin === "program" ? line : paint.dim(line);
  });
  const more = facts.frameCount - facts.frames.length;
  if (more > 0) lines.push(paint.dim(`  … ${more} older frames`));
  return [paint.strong(`Stack of ${facts.thread?.name ?? "no thread"}`), ...lines].join("\n");
}

function place(frame: TriageFrame): string {
  if (frame.path === null) {
    const offset = frame.fileOffset === null ? "unknown offset" : `0x${frame.fileOffset.toString(16)}`;
    return `${frame.module}:wasm-function[${frame.functionIndex}]:${offset}`;
  }
  return `${frame.path}${frame.line === 0 ? "" : `:${frame.line}`}${frame.column === 0 ? "" : `:${frame.column}`}`;
}

function variables(facts: Triage, paint: Palette): string {
  return facts.variables
    .map((scope) =>
      [paint.strong(scope.name), ...scope.variables.flatMap((item) => variable(item, 1, paint))].join("\n"),
    )
    .join("\n\n");
}

function variable(item: TriageVariable, depth: number, paint: Palette): string[] {
  const type = item.type === null ? "" : paint.dim(`: ${item.type}`);
  const value = item.available ? item.value : paint.dim(item.value);
  const line = `${"  ".repeat(depth)}${paint.name(item.name)}${type} = ${value}`;
  return [line, ...(item.children ?? []).flatMap((child) => variable(child, depth + 1, paint))];
}

function warnings(facts: Triage, paint: Palette): string {
  return facts.warnings.map((warning) => `${paint.bad("warning:")} ${warning}`).join("\n");
}
