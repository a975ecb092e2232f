/** A crash for pasting into an issue: the reason, the crash line, the stack, the variables. */
import { argumentsText, type Triage, type TriageFrame, type TriageVariable } from "../postmortem/triage";
import type { Excerpt, Report } from "./report";

export function markdownReport({ triage, dump, excerpt }: Report): string {
  if (triage === undefined)
    return `Core dump \`${dump.executable}\` (${dump.dialect.name}), without its module.\n`;
  const parts = [
    `### ${escaped(triage.reason.title)}`,
    triage.reason.details.map((detail) => `- ${escaped(detail)}`).join("\n"),
    crashLine(triage, excerpt),
    `**Stack**\n\n${fenced(triage.frames.map((frame) => frameLine(frame, triage)).join("\n"))}`,
    variables(triage),
    modules(triage),
    triage.warnings.map((warning) => `> ⚠ ${escaped(warning)}`).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Characters that Markdown would read as its own. */
const escaped = (text: string): string => text.replace(/[\\`*_<>[\]]/g, "\\$&");

/** A fence that is longer than any in the text. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function crashLine(triage: Triage, excerpt: Excerpt | undefined): string {
  const frame = triage.crashFrame === null ? undefined : triage.frames[triage.crashFrame];
  if (frame === undefined) return "";
  const head = `at **${escaped(frame.function)}**${frame.path === null ? "" : ` (${escaped(`${frame.path}:${frame.line}`)})`}`;
  if (excerpt === undefined) return head;
  const lines = excerpt.lines.map(({ number, text, crash }) =>
    `${crash ? ">" : " "} ${number} | ${text}`.trimEnd(),
  );
  return `${head}\n\n${fenced(lines.join("\n"))}`;
}

function frameLine(frame: TriageFrame, { crashFrame }: Triage): string {
  const place =
    frame.path === null
      ? `${frame.module} wasm-function[${frame.functionIndex}]`
      : `${frame.path}:${frame.line}`;
  return `${frame.index === crashFrame ? "→" : " "} #${frame.index} ${frame.function}(${argumentsText(frame)}) at ${place}${frame.inlined ? " [inlined]" : ""}`;
}

function variables({ variables: scopes }: Triage): string {
  const lines = scopes.flatMap((scope) => scope.variables.map(variableLine));
  return lines.length === 0 ? "" : `**Variables**\n\n${fenced(lines.join("\n"))}`;
}

const variableLine = ({ name, type, value }: TriageVariable): string =>
  `${name}${type === null ? "" : `: ${type}`} = ${value}`;

function modules({ modules: listed }: Triage): string {
  return listed
    .map(({ name, buildId }) => `Module \`${name}\`${buildId === null ? "" : `, build id \`${buildId}\``}`)
    .join("\n");
}
