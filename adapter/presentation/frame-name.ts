/**
 * A frame's line in the call stack, with as much as the client's StackFrameFormat asks for:
 * `crashy.wasm!process_thing(thing: &MyThing = {value: 3}) Line 24`.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Frame } from "../../engine/postmortem/model";
import type { Variable } from "../../engine/values/model";

export function frameName(frame: Frame, format: DebugProtocol.StackFrameFormat = {}): string {
  const all = format.includeAll === true;
  const module = all || format.module ? `${frame.physical.module.name}!` : "";
  const parameters = all || format.parameters ? `(${parameterList(frame.parameters, format, all)})` : "";
  const line = frame.location?.line ?? 0;
  const lineText = (all || format.line) && line > 0 ? ` Line ${line}` : "";
  return `${module}${frame.name}${parameters}${lineText}`;
}

function parameterList(
  parameters: readonly Variable[],
  format: DebugProtocol.StackFrameFormat,
  all: boolean,
): string {
  return parameters.map((parameter) => parameterText(parameter, format, all)).join(", ");
}

/** `name: type = value`, less what the format leaves out. */
function parameterText(
  { name, value }: Variable,
  format: DebugProtocol.StackFrameFormat,
  all: boolean,
): string {
  const declared = [
    all || format.parameterNames ? name : undefined,
    all || format.parameterTypes ? value.typeName : undefined,
  ].filter((part) => part !== undefined);
  const shown = all || format.parameterValues ? value.text({ hex: format.hex === true }) : undefined;
  const head = declared.join(": ");
  if (shown === undefined) return head;
  return head === "" ? shown : `${head} = ${shown}`;
}
