/**
 * A whole debug session as text that anyone can read: what an editor asks one after another at a crash, and
 * what it would show. Numbers that only tie messages together are left out, and so is where the repository
 * lies, so that the text is the same on every machine.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Client, VS_CODE } from "./client";

/** Levels of members below a variable. */
const DEPTH = 5;
/** Elements and members shown of one value. */
const WIDTH = 12;

export interface Dump {
  readonly title: string;
  readonly program: string;
  readonly coreFile: string;
  readonly workspaceFolder: string;
  /** Folders of this machine by what they are called in the transcript; earlier ones go first. */
  readonly places: Readonly<Record<string, string>>;
}

/** Runs the session and gives its transcript. */
export async function transcript(client: Client, dump: Dump): Promise<string> {
  const session = new Transcript(client);
  await session.run(dump);
  let text = `${session.lines.join("\n")}\n`;
  for (const [name, folder] of Object.entries(dump.places)) text = text.replaceAll(folder, name);
  return text;
}

class Transcript {
  readonly lines: string[] = [];

  constructor(private readonly client: Client) {}

  async run({ title, program, coreFile, workspaceFolder }: Dump): Promise<void> {
    this.lines.push(`A debug session on the crash of ${title}, as an editor sees it.`);
    await this.client.stopAtCrash({ program, coreFile, workspaceFolders: [workspaceFolder] }, VS_CODE);
    for (const { body } of this.client.events.filter(({ event }) => event === "output")) {
      this.heading(`output (${body.category}) ${placeOf(body)}`.trimEnd());
      this.text(1, body.output.trimEnd());
    }
    const stop = (await this.client.event("stopped")).body;
    this.heading(`stopped: ${stop.reason}, ${stop.description}`);
    this.text(1, stop.text);
    await this.exception(stop.threadId);
    for (const thread of (await this.client.get("threads")).threads) await this.thread(thread);
    await this.crashFrame(stop.threadId);
    await this.modules();
    await this.client.get("disconnect");
  }

  private async exception(threadId: number): Promise<void> {
    const info = await this.client.get("exceptionInfo", { threadId });
    this.heading(`exceptionInfo: ${info.exceptionId}, breaks ${info.breakMode}`);
    this.text(1, info.description);
    this.text(1, info.details.stackTrace);
  }

  /** Frames of the program's own in full; others by name, as VS Code folds them. */
  private async thread(thread: DebugProtocol.Thread): Promise<void> {
    this.heading(`thread ${thread.id} "${thread.name}"`);
    const { stackFrames, totalFrames } = await this.client.get("stackTrace", { threadId: thread.id });
    const stand = standing(stackFrames);
    for (const frame of stackFrames as DebugProtocol.StackFrame[]) {
      const marks = [
        frame === stand ? "← stands here" : "",
        frame.presentationHint === "normal" ? "" : `(${frame.presentationHint})`,
        frame.source?.presentationHint === "deemphasize" ? "(deemphasized)" : "",
      ];
      this.line(1, [frame.name, placeOf(frame), ...marks].filter((part) => part !== "").join("  "));
      if (frame.presentationHint === "normal") await this.scopes(frame, frame === stand);
    }
    this.line(1, `${totalFrames} frames`);
  }

  private async scopes(frame: DebugProtocol.StackFrame, all: boolean): Promise<void> {
    const { scopes } = await this.client.get("scopes", { frameId: frame.id });
    for (const scope of scopes as DebugProtocol.Scope[]) {
      if (scope.expensive && !all) continue;
      const lines = scope.line === undefined ? "" : `, lines ${scope.line}–${scope.endLine}`;
      const hints = [scope.presentationHint, scope.expensive ? "expensive" : undefined].filter(Boolean);
      this.line(3, `${scope.name} (${hints.join(", ")}${lines})`);
      await this.variables(scope.variablesReference, 4, 0);
    }
  }

  private async variables(variablesReference: number, indent: number, depth: number): Promise<void> {
    const { variables } = await this.client.get("variables", { variablesReference, start: 0, count: WIDTH });
    for (const variable of variables as DebugProtocol.Variable[]) {
      this.line(indent, variableText(variable));
      if (variable.variablesReference === 0) continue;
      if (depth < DEPTH) await this.variables(variable.variablesReference, indent + 1, depth + 1);
      else this.line(indent + 1, "…");
    }
    if (variables.length === WIDTH) this.line(indent, "…");
  }

  /** Watches, memory and instructions at the frame where the editor stands. */
  private async crashFrame(threadId: number): Promise<void> {
    const { stackFrames } = await this.client.get("stackTrace", { threadId });
    const frame = standing(stackFrames)!;
    const shown = await this.shownVariables(frame);
    this.heading(`evaluate in ${frame.name}`);
    const names = shown.map(({ evaluateName }) => evaluateName).filter((name) => name !== undefined);
    for (const expression of [...new Set(names)]) await this.evaluate(frame, expression);
    await this.evaluate(frame, "no_such_variable");
    await this.evaluate(frame, "1 +");
    const reference = shown.find(({ memoryReference }) => memoryReference !== undefined)?.memoryReference;
    if (reference !== undefined) await this.memory(reference);
    if (frame.instructionPointerReference !== undefined)
      await this.instructions(frame.instructionPointerReference);
  }

  private async shownVariables(frame: DebugProtocol.StackFrame): Promise<DebugProtocol.Variable[]> {
    const { scopes } = await this.client.get("scopes", { frameId: frame.id });
    const shown: DebugProtocol.Variable[] = [];
    for (const { presentationHint, variablesReference } of scopes as DebugProtocol.Scope[]) {
      if (presentationHint !== "arguments" && presentationHint !== "locals") continue;
      shown.push(...(await this.client.get("variables", { variablesReference })).variables);
    }
    return shown;
  }

  private async evaluate({ id }: DebugProtocol.StackFrame, expression: string): Promise<void> {
    const { success, message, body } = await this.client.ask("evaluate", {
      expression,
      frameId: id,
      context: "watch",
    });
    const type = body?.type === undefined ? "" : `: ${body.type}`;
    this.line(1, success ? `${expression}${type} = ${body.result}` : `${expression} → error: ${message}`);
  }

  private async memory(memoryReference: string): Promise<void> {
    const { address, data, unreadableBytes } = await this.client.get("readMemory", {
      memoryReference,
      count: 32,
    });
    this.heading(`readMemory ${memoryReference}, 32 bytes`);
    const bytes = Buffer.from(data ?? "", "base64")
      .toString("hex")
      .replace(/../g, "$& ")
      .trimEnd();
    this.line(1, `${address}: ${bytes}${unreadableBytes ? `, ${unreadableBytes} unreadable` : ""}`);
  }

  private async instructions(memoryReference: string): Promise<void> {
    this.heading("disassemble around the crash frame's instruction");
    const { instructions } = await this.client.get("disassemble", {
      memoryReference,
      instructionOffset: -8,
      instructionCount: 12,
    });
    let line: string | undefined;
    for (const instruction of instructions as DebugProtocol.DisassembledInstruction[]) {
      if (instruction.line !== undefined && `line ${instruction.line}` !== line) {
        line = `line ${instruction.line}`;
        this.line(1, `${line}${instruction.location ? ` of ${instruction.location.name}` : ""}`);
      }
      const mark = instruction.address === memoryReference ? "→" : " ";
      const bytes = (instruction.instructionBytes ?? "").padEnd(20);
      this.line(1, `${mark} ${instruction.address}  ${bytes} ${instruction.instruction}`);
    }
  }

  private async modules(): Promise<void> {
    this.heading("modules");
    for (const module of (await this.client.get("modules")).modules as DebugProtocol.Module[]) {
      this.line(1, `${module.name}, build ${module.version ?? "unknown"}: ${module.symbolStatus}`);
      this.line(2, module.path ?? "");
    }
  }

  private heading(text: string): void {
    this.lines.push("", text);
  }

  private line(indent: number, text: string): void {
    this.lines.push(`${"  ".repeat(indent)}${text}`.trimEnd());
  }

  private text(indent: number, text: string): void {
    for (const line of text.split("\n")) this.line(indent, line);
  }
}

/** The frame that VS Code picks: the first one with a source that is not de-emphasized. */
function standing(frames: readonly DebugProtocol.StackFrame[]): DebugProtocol.StackFrame | undefined {
  return frames.find(({ source }) => source !== undefined && source.presentationHint !== "deemphasize");
}

function placeOf(at: { source?: DebugProtocol.Source; line?: number; column?: number }): string {
  if (at.source === undefined) return "";
  const path = at.source.path ?? at.source.name;
  return `${path}:${at.line}${at.column ? `:${at.column}` : ""}`;
}

function variableText(variable: DebugProtocol.Variable): string {
  const { kind, lazy } = variable.presentationHint ?? {};
  const type = variable.type === undefined ? "" : `: ${variable.type}`;
  const hints = [kind, lazy ? "lazy" : undefined].filter((hint) => hint !== undefined);
  const hint = hints.length === 0 ? "" : `  (${hints.join(", ")})`;
  return `${variable.name}${type} = ${variable.value}${hint}`;
}
