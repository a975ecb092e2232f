/** `info locals`, `args`, `variables`, `registers`, `globals`: what the selected frame has, by scope. */
import type { Frame, Scope, ScopeKind } from "../../postmortem/model";
import { namePattern } from "../arguments";
import type { Command, Context } from "../command";
import { valueText } from "../value-text";

/** A frame's variables, a line or more each. */
export function localsText(frame: Frame, context: Context): readonly string[] {
  const lines = linesOf(frame, ["locals"], context);
  return lines.length === 0 ? ["No locals."] : lines;
}

function linesOf(frame: Frame, kinds: readonly ScopeKind[], context: Context, pattern?: RegExp): string[] {
  const scopes = frame.scopes().filter(({ kind }) => kinds.includes(kind));
  const titled = scopes.filter(({ kind }) => kind === "locals").length > 1;
  return scopes.flatMap((scope) => {
    const lines = scopeLines(scope, context, pattern);
    return titled && lines.length > 0 ? [`${scope.name}:`, ...lines] : lines;
  });
}

function scopeLines(scope: Scope, { settings }: Context, pattern: RegExp | undefined): string[] {
  return scope
    .variables()
    .filter(({ name }) => pattern?.test(name) ?? true)
    .flatMap(({ name, value }) => `${name} = ${valueText(value, settings)}`.split("\n"));
}

/** In wasmgdb arguments are locals. */
const kindsOf = (kinds: readonly ScopeKind[], { settings }: Context): readonly ScopeKind[] =>
  settings.wasmgdb && kinds.includes("locals") ? ["arguments", ...kinds] : kinds;

const listing = (
  names: readonly string[],
  summary: string,
  kinds: readonly ScopeKind[],
  none: string,
): Command => ({
  names,
  usage: `info ${names[0]} [REGEXP]`,
  summary,
  run(context, args) {
    // A pseudo-variable's dollar is part of its name, and no end of a line.
    const pattern = args === "" ? undefined : namePattern(args.replace(/^\$/, "\\$"));
    const lines = linesOf(context.selected(), kindsOf(kinds, context), context, pattern);
    if (lines.length > 0) return lines.join("\n");
    return pattern === undefined ? none : `None of them matches ${args}.`;
  },
});

export const variableInfos: readonly Command[] = [
  listing(["locals"], "The selected frame's variables, the innermost block first.", ["locals"], "No locals."),
  listing(["args"], "The selected frame's arguments.", ["arguments"], "No arguments."),
  listing(["variables"], "The statics of the selected frame's unit.", ["statics"], "No statics."),
  listing(
    ["registers", "all-registers"],
    "The Wasm locals, operand stack and globals of the selected frame.",
    ["wasm-locals", "operand-stack", "globals"],
    "No registers were recorded.",
  ),
  listing(
    ["tables"],
    "The tables of the selected frame's instance, where the dump has them.",
    ["tables"],
    "No tables were recorded: $table0 shows what is known of the first one.",
  ),
  listing(["globals"], "The Wasm globals of the selected frame's instance.", ["globals"], "No globals."),
];
