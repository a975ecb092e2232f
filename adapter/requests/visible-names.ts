/**
 * `wasm/visibleNames`, a request of our own: which variable of a frame a name means on each line of its function, with
 * the value. For values beside the lines and under the mouse: the protocol's scopes tell what is visible where the
 * frame stands, and a name may mean another variable further up.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import type { Extent, Lines, VisibleName } from "../../engine/postmortem/model";
import { describeSource } from "../presentation/source";
import { defined, type RequestHandler } from "../protocol/request";

interface Arguments {
  readonly frameId: number;
  /** Names whose values are wanted; of all by itself. */
  readonly names?: readonly string[];
}

/** Lines are counted as the client does. */
export interface NamedValue {
  readonly name: string;
  /** Where it means this variable; by itself, anywhere in the function. */
  readonly extent?: Extent;
  /** Undefined for a variable that the frame does not see (of a block that has ended, of an inner function). */
  readonly value?: string;
}

/** Without anything where the frame has no variables by name. */
export interface VisibleNamesBody {
  readonly source?: DebugProtocol.Source;
  /** Where the frame stands there. */
  readonly line?: number;
  readonly column?: number;
  /** The function's, where they are known. */
  readonly lines?: Lines;
  readonly names: readonly NamedValue[];
  /** Lines of functions inside the function, where its names end. */
  readonly inner: readonly Lines[];
}

export const visibleNames: RequestHandler<Arguments, VisibleNamesBody> = {
  command: "wasm/visibleNames",
  async handle({ crash: opened, client, view }, args) {
    const { frame } = opened.frame(args.frameId);
    const counted = ({ startLine, endLine }: Lines): Lines => ({
      startLine: client.line(startLine),
      endLine: client.line(endLine),
    });
    const wanted = args.names && new Set(args.names);
    const named = ({ name, extent, variable }: VisibleName): NamedValue =>
      defined<NamedValue>({
        name,
        extent: extent && { ...counted(extent), declared: client.line(extent.declared) },
        value: variable?.value.text({ hex: view.hexadecimal }),
      });
    const found = await settle(() => {
      const visible = frame.visibleNames();
      const names = visible?.names.filter(({ name }) => wanted?.has(name) ?? true);
      return visible && { ...visible, names: names?.map(named) ?? [] };
    });
    if (found === undefined) return { names: [], inner: [] };
    const { file, lines, names, inner } = found;
    const { line = 0, column = 0 } = frame.location ?? {};
    return defined<VisibleNamesBody>({
      source: await describeSource(opened, file, frame.origin),
      line: line === 0 ? undefined : client.line(line),
      column: column === 0 ? undefined : client.column(column),
      lines: lines && counted(lines),
      names,
      inner: inner.map(counted),
    });
  },
};
