/** `info frame`: where the selected frame stands, in the source, in the code and in the dump. */
import type { Frame } from "../../postmortem/model";
import { plural } from "../../postmortem/reason/statement";
import type { Command, Context } from "../command";
import { codePlace, frameNamed, frameNumber } from "../frame-text";

export const frameInfo: Command = {
  names: ["frame"],
  usage: "info frame [[level] N | [function] NAME]",
  summary: "Where the selected frame stands, or another one: source, code, unit, compiler.",
  run(context, args) {
    if (args === "") return facts(context.selected(), context);
    const [frame] = context.thread.frames(frameNamed(args, context), 1);
    return facts(frame!, context);
  },
};

function facts(selected: Frame, context: Context): string {
  const { physical, location, unit } = selected;
  const lines = [`Frame ${frameNumber(selected, context.thread, context.settings)}: ${selected.fullName}`];
  if (location !== undefined) {
    const column = location.column > 0 ? `:${location.column}` : "";
    lines.push(`  source     ${location.file.path}:${location.line}${column}`);
  }
  lines.push(`  code       ${codePlace(physical)}`);
  if (physical.pc !== undefined) {
    const file = physical.module.wasm.codeOffsetToFile(physical.pc);
    lines.push(
      `             0x${physical.pc.toString(16)} in the code section, 0x${file.toString(16)} in the file`,
    );
  }
  lines.push(`  module     ${physical.module.name}`);
  lines.push(`  kind       ${selected.inlined ? "an inlined call" : "a call"} of ${selected.origin} code`);
  if (unit !== undefined) lines.push(`  unit       ${unit.name ?? "?"} (DWARF ${unit.version})`);
  if (unit?.producer !== undefined) lines.push(`  producer   ${unit.producer}`);
  lines.push(
    `  recorded   ${plural(physical.core.locals.length, "local")}, ${plural(physical.core.stack.length, "operand")}`,
  );
  return lines.join("\n");
}
