/**
 * Memory Inspector, an extension that shows memory with the variables in it: it knows a fixed list of debuggers, and
 * takes others from its registry, which its `activate` gives.
 */
import type * as vscode from "vscode";

export const inspectorId = "eclipse-cdt.memory-inspector";

/** A variable's bytes, from `startAddress` up to `endAddress`, without it. */
export interface VariableRange {
  readonly name: string;
  readonly startAddress: string;
  readonly endAddress: string;
  readonly type?: string;
  readonly value: string;
}

/** What the registry asks of a debugger. */
export interface InspectorAdapter {
  getVariables(session: Session): Promise<VariableRange[]>;
  getAddressOfVariable(session: Session, name: string): Promise<string | undefined>;
  getSizeOfVariable(session: Session, name: string): Promise<bigint | undefined>;
}

export interface InspectorRegistry {
  registerAdapter(adapter: InspectorAdapter, ...debugTypes: string[]): vscode.Disposable;
}

type Session = Pick<vscode.DebugSession, "customRequest">;

/** @param frame the frame that the user looks at; undefined for the crash frame */
export function inspectorAdapter(frame: () => number | undefined): InspectorAdapter {
  const evaluate = (session: Session, expression: string) =>
    session.customRequest("evaluate", { expression, frameId: frame(), context: "watch" });
  const addressOf = async (session: Session, name: string): Promise<string | undefined> =>
    (await attempt(() => evaluate(session, `&(${name})`)))?.memoryReference;
  const sizeOf = async (session: Session, name: string): Promise<bigint | undefined> => {
    const result = (await attempt(() => evaluate(session, `sizeof(${name})`)))?.result ?? "";
    return /^\d+/.test(result) ? BigInt(/^\d+/.exec(result)![0]) : undefined;
  };
  return {
    getAddressOfVariable: addressOf,
    getSizeOfVariable: sizeOf,
    async getVariables(session) {
      const frameId = frame();
      if (frameId === undefined) return [];
      const { scopes } = await session.customRequest("scopes", { frameId });
      const ranges: VariableRange[] = [];
      for (const { expensive, variablesReference } of scopes) {
        if (expensive) continue;
        const { variables } = await session.customRequest("variables", { variablesReference });
        for (const { name, value, type, evaluateName } of variables) {
          if (evaluateName === undefined) continue;
          const startAddress = await addressOf(session, evaluateName);
          const size = await sizeOf(session, evaluateName);
          if (startAddress === undefined || size === undefined) continue;
          const endAddress = `0x${(BigInt(startAddress) + size).toString(16)}`;
          ranges.push({ name, value, type, startAddress, endAddress });
        }
      }
      return ranges;
    },
  };
}

/** What an adapter answers; undefined where it refuses, as for a variable that is in no memory. */
async function attempt<T>(question: () => PromiseLike<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch {
    return undefined;
  }
}
