/**
 * Where frames stand. Producers count a frame's code offset from different places, and what it means is
 * only seen beside the modules: a right one lands on an instruction, on a call in every frame that called
 * another, and on an instruction that can trap in the youngest.
 */
import { attempt, FormatError } from "../bytes/errors";
import { bodyOffset, codeOffset, fileOffset, functionIndex } from "../bytes/offsets";
import { FunctionCode } from "../wasm/function-code";
import type { WasmModule } from "../wasm/module";
import { unknownOffset } from "./encoding";
import { LateFrame } from "./late-frame";
import type { CoreFrame } from "./model";

export { unknownOffset };

/** The module of an instance; undefined when it is not known. */
export type ModuleOfInstance = (instance: number) => WasmModule | undefined;

/**
 * What code offset 0 is:
 * - `body`: the byte after the body's size, as Coredump.md means it (wasm-tools, Wasmtime);
 * - `instructions`: the body's first instruction, after its declarations of locals;
 * - `section`: the id byte of the code section, less the length of the body's size (wasm-coredump-rewriter
 *   up to 0.2.1);
 * - `code-section`: the start of the code section's contents, as DWARF counts;
 * - `file`: the start of the module's file, as JavaScript counts;
 * - `call-site`: the start of the module's file, but of the call by which the frame came to be: it is the
 *   position of the frame's caller, and the youngest frame's own is not known (WasmEdge before 2026-08);
 * - `none`: the producer wrote something else: only the function is known.
 */
export type Positions = "body" | "instructions" | "section" | "code-section" | "file" | "call-site" | "none";

/** The frames with their offsets counted as `body` has them; a frame is looked at when it is asked for. */
export function placeFrames(
  frames: readonly CoreFrame[],
  positions: Positions,
  moduleOf: ModuleOfInstance,
): readonly CoreFrame[] {
  if (positions === "body") return frames;
  return frames.flatMap((frame, index) => {
    if (frame.unplaced !== undefined) return frame;
    const module = moduleOf(frame.instance);
    if (module === undefined) return { ...frame, offset: unknownOffset };
    switch (positions) {
      case "call-site":
        return atCallSite(frame, frames[index - 1], module);
      case "code-section":
      case "file":
        return {
          ...frame,
          ...(found(() => functionAt(frame, positions, module)) ?? { offset: unknownOffset }),
        };
      default:
        return new LateFrame(frame, () => fromBody(frame, positions, module));
    }
  });
}

/**
 * The frames, those of modules without code with what they recorded: what that counts from cannot be told there, and from
 * other places than the body's beginning it takes the code to count on. Debug information may still tell.
 * @param possible what the offsets may count from
 */
export function leaveUnplaced(
  frames: readonly CoreFrame[],
  possible: readonly Positions[],
  moduleOf: ModuleOfInstance,
): readonly CoreFrame[] {
  const from = possible.filter((one) => one === "body" || one === "instructions" || one === "section");
  if (from.length === 0 || possible.every((one) => one === "body")) return frames;
  return frames.map((frame) => {
    const module = moduleOf(frame.instance);
    if (module === undefined || module.codeSection !== undefined) return frame;
    return { ...frame, offset: unknownOffset, unplaced: { recorded: frame.offset, from } };
  });
}

/** What `find` gives; undefined also where the module is malformed. */
function found<T>(find: () => T | undefined): T | undefined {
  const result = attempt(find);
  return result instanceof FormatError ? undefined : result;
}

/** A frame's offset in its function's body. */
function fromBody(
  { offset, functionIndex }: CoreFrame,
  positions: "instructions" | "section" | "none",
  module: WasmModule,
): number | undefined {
  const code = positions === "none" ? undefined : FunctionCode.of(module, functionIndex);
  if (code === undefined) return undefined;
  if (positions === "instructions") return offset + code.start;
  const { fileStart } = code.body;
  return offset + sectionIdAt(module) + lengthBefore(module, fileStart) - fileStart;
}

/** Offset in the file of the code section's id. */
function sectionIdAt(module: WasmModule): number {
  const { start } = module.codeSection!;
  return start - lengthBefore(module, start) - 1;
}

/** Bytes of the LEB128 number that ends right before `end`; the byte before it is below 0x80. */
function lengthBefore(module: WasmModule, end: number): number {
  let length = 1;
  while (length < 5 && module.source.read(end - length - 1, 1)[0]! >= 0x80) length++;
  return length;
}

// Frames whose function is found by their position

type Place = Pick<CoreFrame, "functionIndex" | "offset">;

/** The function at an offset of the file or the code section, and the offset in its body. */
function functionAt(frame: CoreFrame, from: "file" | "code-section", module: WasmModule): Place | undefined {
  const pc = from === "file" ? module.fileToCodeOffset(fileOffset(frame.offset)) : codeOffset(frame.offset);
  const index = pc === undefined ? undefined : module.functionAt(pc);
  const body = index === undefined ? undefined : module.body(index);
  if (pc === undefined || body === undefined) return undefined;
  return { functionIndex: body.index, offset: bodyOffset(pc - body.start) };
}

/**
 * A frame that recorded where it was called. Its position is the call that the next younger frame recorded, and
 * so is its function, since the recorded one is wrong after an indirect call. Nothing where neither is known.
 */
function atCallSite(
  frame: CoreFrame,
  younger: CoreFrame | undefined,
  module: WasmModule,
): readonly CoreFrame[] {
  const place = found(() => (younger && functionAt(younger, "file", module)) ?? calledFrom(frame, module));
  return place === undefined ? [] : [{ ...frame, ...place }];
}

/** The function that the call at a frame's offset names: the frame's own, at a position that is not known. */
function calledFrom(frame: CoreFrame, module: WasmModule): Place | undefined {
  const caller = functionAt(frame, "file", module);
  const code = caller && FunctionCode.of(module, caller.functionIndex);
  const call = caller && code?.instructionAt(caller.offset);
  const target = call?.immediates[0];
  if (call?.mnemonic !== "call" || target?.kind !== "function") return undefined;
  return { functionIndex: functionIndex(target.value), offset: unknownOffset };
}
