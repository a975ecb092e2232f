/** A crash as a page: what the crash page of the editor shows, and `triage --html` writes. */
import type { DumpInfo } from "../postmortem/dump-info";
import type { SymbolState } from "../postmortem/model";
import { baseName } from "../postmortem/modules";
import { argumentsText, type Triage, type TriageFrame, type TriageVariable } from "../postmortem/triage";
import { escapeHtml, type Html, html } from "./html";
import { memoryLegend, memoryPicture } from "./picture";
import type { Excerpt, Report } from "./report";
import { REPORT_STYLE } from "./style";

/** A page by itself, which needs nothing else and asks nothing of the network. */
export function standaloneReport(report: Report): string {
  const title = report.triage?.reason.title ?? report.name;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head>
<body>${reportBody(report).text}</body></html>
`;
}

/** A button of the page; `id` is what a click on it says. */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly primary?: boolean;
}

/** The page's body. @param actions buttons beside the title; none on a page that nobody listens to */
export function reportBody(report: Report, actions: readonly Action[] = []): Html {
  const { triage, dump, memory, excerpt, name } = report;
  return html`<main>
<header>
<p class="file">${name}</p>
<h1>${triage?.reason.title ?? "A core dump without its module"}</h1>
${triage?.reason.details.map((detail) => html`<p class="detail">${detail}</p>`)}
${triage === undefined ? html`<p class="detail">Open the build that crashed to see the reason, the stack and the variables.</p>` : trapLine(triage)}
${buttons(actions)}
</header>
${warnings(triage?.warnings ?? dump.warnings)}
${triage === undefined ? undefined : crashSection(triage, excerpt)}
${triage === undefined ? recordedStack(dump) : stackSection(triage, dump.threads.length > 1)}
${memory === undefined ? undefined : html`<section><h2>Memory</h2>${memoryPicture(memory)}${memoryLegend(memory)}</section>`}
${modulesSection(triage, dump)}
${dumpSection(dump)}
</main>`;
}

/** The machine's own words, where the title is a language's. */
const trapLine = ({ reason }: Triage): Html | undefined =>
  reason.trap === reason.title ? undefined : html`<p class="trap">${reason.trap}</p>`;

/** The body of a page for a file that cannot be shown. @param problem what is wrong with it, for people */
export function problemBody(name: string, problem: string, actions: readonly Action[] = []): Html {
  return html`<main>
<header>
<p class="file">${name}</p>
<h1>This file cannot be opened as a core dump</h1>
<p class="detail">${problem}</p>
${buttons(actions)}
</header>
</main>`;
}

function buttons(actions: readonly Action[]): Html | undefined {
  if (actions.length === 0) return undefined;
  return html`<div class="actions">${actions.map(({ id, label, primary }) => html`<button type="button" data-action="${id}" class="${primary === true ? "primary" : "secondary"}">${label}</button>`)}</div>`;
}

function warnings(listed: readonly string[]): Html | undefined {
  if (listed.length === 0) return undefined;
  return html`<section class="warnings" role="note" aria-label="Warnings"><ul>${listed.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}

function crashSection(triage: Triage, excerpt: Excerpt | undefined): Html | undefined {
  const frame = triage.crashFrame === null ? undefined : triage.frames[triage.crashFrame];
  if (frame === undefined) return undefined;
  const lines = excerpt?.lines.map(
    ({
      number,
      text,
      crash,
    }) => html`<span class="${crash ? "line crash" : "line"}"><span class="gutter">${number}</span>${text}
</span>`,
  );
  const variables = triage.variables.flatMap((scope) => scope.variables);
  return html`<section><h2>${frame.function}</h2>
<p>${frame.path === null ? frame.module : `${frame.path}:${frame.line}`}</p>
${lines === undefined ? undefined : html`<pre class="source">${lines}</pre>`}
${variables.length === 0 ? undefined : html`<table class="variables"><tbody>${variables.map(variableRow)}</tbody></table>`}
</section>`;
}

const variableRow = ({ name, type, value, available }: TriageVariable): Html =>
  html`<tr><th scope="row">${name}</th><td class="type">${type ?? ""}</td><td class="${available ? "value" : "value missing"}">${value}</td></tr>`;

/** @param several whether the dump has other threads, so that it matters whose stack it is */
function stackSection(triage: Triage, several: boolean): Html {
  const rows = triage.frames.map((frame) => frameRow(frame, triage.crashFrame));
  const left = triage.frameCount - triage.frames.length;
  return html`<section><h2>Stack${several && triage.thread !== null ? ` of thread ${triage.thread.name}` : ""}</h2>
${rows.length === 0 ? html`<p>The dump has no frames.</p>` : html`<table class="stack"><tbody>${rows}</tbody></table>`}${left > 0 ? html`<p>${left} more frames</p>` : undefined}</section>`;
}

function frameRow(frame: TriageFrame, crashFrame: number | null): Html {
  const place =
    frame.path === null
      ? `${frame.module} [${frame.functionIndex}]`
      : `${baseName(frame.path)}:${frame.line}`;
  const kind = `${frame.origin}${frame.index === crashFrame ? " crash" : ""}`;
  return html`<tr class="${kind}"><td class="number">${frame.index}</td><td class="function">${frame.function}<span class="arguments">(${argumentsText(frame)})</span>${frame.inlined ? html` <span class="badge">inlined</span>` : undefined}</td><td class="place" title="${frame.path ?? ""}">${place}</td></tr>`;
}

/** The stack as the dump alone has it. */
function recordedStack(dump: DumpInfo): Html {
  return html`<section><h2>Stack</h2><table class="stack"><tbody>${(dump.threads[0]?.frames ?? []).map(
    (frame, index) =>
      html`<tr><td class="number">${index}</td><td class="function">${frame.function ?? `wasm-function[${frame.functionIndex}]`}</td><td class="place">${frame.offset === null ? "" : `+ 0x${frame.offset.toString(16)}`}</td></tr>`,
  )}</tbody></table></section>`;
}

function modulesSection(triage: Triage | undefined, dump: DumpInfo): Html {
  const rows =
    triage?.modules.map(
      ({ name, path, buildId, symbols }) =>
        html`<tr><th scope="row">${name}</th><td><p class="place">${path}</p>${buildIdText(buildId)}<p>${symbolText(symbols, path)}</p></td></tr>`,
    ) ??
    dump.modules.map(
      ({ name, buildId }) =>
        html`<tr><th scope="row">${name}</th><td>${buildIdText(buildId ?? dump.buildId)}</td></tr>`,
    );
  return html`<section><h2>Modules</h2><table class="modules"><tbody>${rows}</tbody></table></section>`;
}

const buildIdText = (buildId: string | null): Html =>
  html`<p>${buildId === null ? "no build id" : html`build id <span class="id">${buildId}</span>`}</p>`;

function symbolText(symbols: SymbolState, path: string): string {
  if ("why" in symbols) return symbols.why;
  return symbols.path === path ? "has its debug information" : `debug information from ${symbols.path}`;
}

function dumpSection(dump: DumpInfo): Html {
  const facts: readonly (readonly [string, string | number | null])[] = [
    ["Executable", dump.executable || null],
    ["Written by", dump.producer],
    ["Dialect", `${dump.dialect.name}: ${dump.dialect.why}`],
    ["Host's error", dump.error],
    [
      "Threads",
      dump.threads
        .map(({ name, frameCount }) => `${name === "" ? "unnamed" : name} (${frameCount} frames)`)
        .join(", "),
    ],
    ["Instances", dump.instances.length],
    ["Globals", dump.globals.length],
  ];
  const rows = facts.filter(([, value]) => value !== null);
  return html`<section><h2>The dump</h2><table class="facts"><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value ?? ""}</td></tr>`)}</tbody></table></section>`;
}
