/**
 * How the page looks: in the editor with its theme's colours, elsewhere with the fallbacks, which follow the
 * reader's preference of light or dark.
 */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --text: var(--vscode-foreground, light-dark(#1f2328, #d4d4d4));
  --dim: color-mix(in srgb, var(--text) 70%, transparent);
  --page: var(--vscode-editor-background, light-dark(#ffffff, #1e1e1e));
  --line: var(--vscode-panel-border, light-dark(#d1d9e0, #3c3c3c));
  --code: var(--vscode-textCodeBlock-background, light-dark(#f6f8fa, #2a2a2a));
  --bad: var(--vscode-errorForeground, light-dark(#c4314b, #f48771));
  --warn: var(--vscode-editorWarning-foreground, light-dark(#9a6700, #cca700));
  --mark: var(--vscode-editor-stackFrameHighlightBackground, light-dark(#fff3c4, #4b4b18));
  --stack: var(--vscode-charts-yellow, #d18616);
  --data: var(--vscode-charts-blue, #1a85ff);
  --heap: var(--vscode-charts-green, #388a34);
}
/* The editor's theme, which need not be as the system is; high contrast has no colour behind its buttons. */
body.vscode-dark, body.vscode-high-contrast { color-scheme: dark; }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; }
body.vscode-high-contrast { --button: transparent; }
body { color: var(--text); background: var(--page); font: 13px/1.5 var(--vscode-font-family, system-ui, sans-serif); margin: 0; }
main { max-width: 1000px; margin: 0 auto; padding: 16px 24px 48px; }
h1 { font-size: 22px; font-weight: 600; margin: 2px 0 6px; color: var(--bad); }
h2 { font-size: 14px; font-weight: 600; margin: 26px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
p { margin: 4px 0; }
.file, .trap, .place, .type, .gutter { color: var(--dim); }
.actions { display: flex; gap: 8px; flex-wrap: wrap; margin-top: 14px; }
button { font: inherit; padding: 4px 12px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px; cursor: pointer;
  color: var(--vscode-button-secondaryForeground, inherit); background: var(--vscode-button-secondaryBackground, var(--button, light-dark(#e5e5e5, #3a3d41))); }
button.secondary { border-color: var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, transparent)); }
button.primary { color: var(--vscode-button-foreground, #ffffff); background: var(--vscode-button-background, #0078d4); }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder, #0078d4); outline-offset: 2px; }
.warnings { border-left: 3px solid var(--warn); padding: 2px 12px; margin-top: 18px; }
.warnings ul { margin: 4px 0; padding-left: 16px; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; white-space: nowrap; }
td, th { padding: 2px 12px 2px 0; vertical-align: top; overflow-wrap: anywhere; }
.number { color: var(--dim); white-space: nowrap; font-variant-numeric: tabular-nums; width: 1%; }
.stack, .variables, .source, .regions .number { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); font-size: 12px; }
.stack .place { text-align: right; white-space: nowrap; }
.stack .runtime, .stack .library, .arguments { color: var(--dim); }
.stack .crash { background: var(--mark); }
.stack .crash .function { font-weight: 600; }
.stack .arguments { font-weight: 400; }
.id { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); font-size: 12px; }
.badge { border: 1px solid var(--line); border-radius: 8px; padding: 0 6px; font-size: 11px; font-weight: 400; color: var(--dim); }
.missing { color: var(--dim); font-style: italic; }
.source { background: var(--code); padding: 8px 0; margin: 8px 0; overflow-x: auto; }
.line { display: block; padding: 0 12px; white-space: pre; }
.line.crash { background: var(--mark); }
.gutter { display: inline-block; min-width: 4ch; margin-right: 16px; text-align: right; user-select: none; }
.memory { display: block; width: 100%; height: 54px; margin: 8px 0; }
.memory .whole { fill: var(--code); stroke: var(--line); }
.memory .stack rect { fill: var(--stack); fill-opacity: .35; }
.memory .stack .used { fill-opacity: 1; }
.memory .data rect { fill: var(--data); }
.memory .heap rect { fill: var(--heap); fill-opacity: .6; }
.memory .recorded { fill: var(--text); }
.memory .zero { fill: var(--code); }
.memory .absent { fill: none; stroke: var(--line); stroke-dasharray: 3; }
.swatch { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 2px; }
.swatch.stack { background: var(--stack); } .swatch.data { background: var(--data); } .swatch.heap { background: var(--heap); }
.regions, .regions .number { width: auto; }
.regions td { padding-right: 24px; }
.modules p { margin: 0; }
.facts th, .modules th, .variables th, .variables .type { width: 1%; white-space: nowrap; padding-right: 20px; }
@media (max-width: 600px) {
  main { padding: 12px 12px 32px; }
  .stack tr { display: grid; grid-template-columns: 4ch 1fr; }
  .stack .place { grid-column: 2; text-align: left; white-space: normal; }
  .variables tr, .modules tr { display: block; margin-bottom: 6px; }
  .variables td, .variables th, .modules td, .modules th { display: block; width: auto; white-space: normal; }
}
@media (forced-colors: active) {
  .memory, .swatch { forced-color-adjust: none; }
  .line.crash, .stack .crash { outline: 1px solid Highlight; outline-offset: -1px; }
}
`;
