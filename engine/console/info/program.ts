/** `info threads`, `sharedlibrary`, `imports`, `process`: the dump and the modules that ran. */

import type { CrashModule, SymbolState } from "../../postmortem/model";
import { plural } from "../../postmortem/reason/statement";
import { namePattern } from "../arguments";
import type { Command } from "../command";
import { frameLine } from "../frame-text";
import { mappingsText } from "./files";

const threads: Command = {
  names: ["threads"],
  usage: "info threads",
  summary: "The threads of the dump; the selected one is marked.",
  run: (context) =>
    context.crash.threads
      .map((thread) => {
        const top = thread.frames(thread.crashFrame, 1)[0];
        const at = top === undefined ? "no frames" : frameLine(top, { thread, settings: context.settings });
        return `${thread === context.thread ? "*" : " "} ${thread.id}  ${thread.name}  ${at}`;
      })
      .join("\n"),
};

const modules: Command = {
  names: ["sharedlibrary", "modules", "sharedlib"],
  usage: "info sharedlibrary",
  summary: "The modules that ran, their build ids, and whether their debug information was found.",
  run: ({ crash }) => crash.modules.map(moduleText).join("\n"),
};

function moduleText({ name, path, buildId, symbols }: CrashModule): string {
  return `${name}\n  file      ${path}\n  build id  ${buildId ?? "none"}\n  symbols   ${symbolText(symbols)}`;
}

const symbolText = (symbols: SymbolState): string =>
  "path" in symbols ? `from ${symbols.path}` : `${symbols.state}: ${symbols.why}`;

const imports: Command = {
  names: ["imports"],
  usage: "info imports [REGEXP]",
  summary: "What the selected frame's module imports from its host.",
  run(context, args) {
    const pattern = args === "" ? undefined : namePattern(args);
    const { wasm } = context.selected().physical.module;
    const lines = wasm.imports
      .map(({ kind, module, name }) => `${kind.padEnd(8)} ${module}.${name}`)
      .filter((line) => pattern?.test(line) ?? true);
    return lines.length === 0 ? "No imports." : lines.join("\n");
  },
};

const process: Command = {
  names: ["process", "proc", "program"],
  usage: "info process [mappings]",
  summary: "Who wrote the dump and what it holds; with mappings what lies where in memory.",
  run({ crash }, args) {
    if (/^map/.test(args)) return mappingsText(crash);
    const { dump } = crash;
    const memories = dump.memories.map(({ size, ranges }, index) => {
      const recorded = ranges.reduce((sum, { length }) => sum + length, 0);
      return `  memory ${index}    ${plural(size, "byte")}, ${recorded} recorded in ${plural(ranges.length, "range")}`;
    });
    return [
      `Executable   ${dump.executable === "" ? "not named" : dump.executable}`,
      `Reason       ${crash.reason.title}`,
      ...(dump.notes.producer === undefined ? [] : [`Written by   ${dump.notes.producer}`]),
      `Dialect      ${dump.dialect.name}: ${dump.dialect.why}`,
      `Holds        ${plural(dump.threads.length, "thread")}, ${plural(dump.instances.length, "instance")}, ${plural(dump.globals.length, "global")}`,
      ...memories,
    ].join("\n");
  },
};

export const programInfos: readonly Command[] = [threads, modules, imports, process];
