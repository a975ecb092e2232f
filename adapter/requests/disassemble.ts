/**
 * `disassemble`: instructions in the text format's words, with the source lines that they come from. VS Code
 * counts on exactly `instructionCount` answers; beyond the module's code they are invalid ones at "-1", the
 * address by which it knows them.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { fileOffset } from "../../engine/bytes/offsets";
import { settle } from "../../engine/bytes/remote-source";
import type { SourceFile } from "../../engine/dwarf/model";
import type { CrashModule } from "../../engine/postmortem/model";
import { originOfPath } from "../../engine/postmortem/origin";
import { instructionsAround, type PlacedInstruction } from "../presentation/instructions";
import { codeReference, parseCodeReference } from "../presentation/references";
import { describeSource } from "../presentation/source";
import { errors } from "../protocol/errors";
import { defined, type RequestHandler } from "../protocol/request";
import type { OpenedCrash } from "../state/opened-crash";

/** Instructions that one answer may hold, or skip. */
const LIMIT = 100_000;

const INVALID: DebugProtocol.DisassembledInstruction = {
  address: "-1",
  instruction: "",
  presentationHint: "invalid",
};

export const disassemble: RequestHandler<
  DebugProtocol.DisassembleArguments,
  DebugProtocol.DisassembleResponse["body"]
> = {
  command: "disassemble",
  capabilities: { supportsDisassembleRequest: true },
  async handle(session, args) {
    const { crash: opened, client } = session;
    const { instructionCount: count, instructionOffset: skip = 0 } = args;
    if (!(count >= 0 && count <= LIMIT))
      throw errors.badArgument("instructionCount", `must be 0 to ${LIMIT}`);
    if (Math.abs(skip) > LIMIT) throw errors.badArgument("instructionOffset", `must be within ±${LIMIT}`);
    const { moduleId, offset } = parseCodeReference(args.memoryReference);
    const module = opened.crash.modules[moduleId];
    if (module === undefined) throw errors.badCodeReference(args.memoryReference);
    const { places, texts } = await settle(() => {
      const pc = module.wasm.fileToCodeOffset(fileOffset(offset + (args.offset ?? 0)));
      const places =
        pc === undefined ? new Array(count).fill(undefined) : instructionsAround(module, pc, skip, count);
      return { places, texts: places.map((place) => describe(module, place, args.resolveSymbols !== false)) };
    });
    return { instructions: await withSources(opened, client.line.bind(client), places, texts) };
  },
};

function describe(
  module: CrashModule,
  place: PlacedInstruction | undefined,
  resolveSymbols: boolean,
): DebugProtocol.DisassembledInstruction {
  if (place === undefined) return INVALID;
  const { line, functionIndex } = place;
  return defined<DebugProtocol.DisassembledInstruction>({
    address: codeReference(module.id, module.wasm.codeOffsetToFile(line.pc)),
    instructionBytes: Array.from(line.bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" "),
    instruction: line.text,
    symbol: resolveSymbols ? (module.wasm.functionName(functionIndex) ?? `func${functionIndex}`) : undefined,
  });
}

/** Adds lines, and the source where it changes, as DAP lets a following instruction leave it out. */
async function withSources(
  opened: OpenedCrash,
  lineNumber: (line: number) => number,
  places: readonly (PlacedInstruction | undefined)[],
  texts: readonly DebugProtocol.DisassembledInstruction[],
): Promise<DebugProtocol.DisassembledInstruction[]> {
  const instructions: DebugProtocol.DisassembledInstruction[] = [];
  let current: SourceFile | undefined;
  for (const [index, text] of texts.entries()) {
    const row = places[index]?.row;
    if (row?.file === undefined || row.line === 0) {
      instructions.push(text);
      continue;
    }
    const location =
      row.file === current ? undefined : await describeSource(opened, row.file, originOfPath(row.file.path));
    current = row.file;
    instructions.push(
      defined<DebugProtocol.DisassembledInstruction>({ ...text, location, line: lineNumber(row.line) }),
    );
  }
  return instructions;
}
