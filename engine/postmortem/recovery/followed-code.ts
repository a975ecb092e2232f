/** The code of a stack's frames as it was followed, each place of each function once. */
import { attempt, FormatError } from "../../bytes/errors";
import type { CoreFrame } from "../../coredump/model";
import { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";
import { evaluateTo, type FrameState, type Scope } from "./evaluation";
import type { PrologueBase } from "./frame-base";
import { type Kept, type KeptIn, KeptValue } from "./kept-value";
import { standsAt } from "./links";
import { frameBaseOf } from "./prologue";
import { StackPointer } from "./stack-pointer";
import type { Term } from "./terms";
import { Budget, recovering, Unrecoverable } from "./unrecoverable";

/** A frame's place in the code. */
export interface Place {
  readonly code: FunctionCode;
  readonly instruction: Instruction;
}

/** A frame and the module that it ran. */
interface PlacedFrame {
  readonly core: CoreFrame;
  readonly module: WasmModule;
}

/** Operations that following one frame's code may cost: about a second. */
const BUDGET = 8_000_000;

/** What is known of one module. */
class ModuleCode {
  readonly places = new Map<string, Place | undefined>();
  readonly states = new Map<string, FrameState | Unrecoverable>();
  readonly bases = new Map<string, PrologueBase | undefined>();
  readonly kept = new Map<string, Term | undefined>();
  readonly pointer: StackPointer;

  constructor(module: WasmModule) {
    this.pointer = new StackPointer(module);
  }
}

export class FollowedCode {
  private readonly modules = new Map<WasmModule, ModuleCode>();

  private of(module: WasmModule): ModuleCode {
    return remembered(this.modules, module, () => new ModuleCode(module));
  }

  pointerOf(module: WasmModule): StackPointer {
    return this.of(module).pointer;
  }

  /** Where a frame stands; undefined when that is no instruction of its function, or for a caller no call. */
  place({ core, module }: PlacedFrame, youngest: boolean): Place | undefined {
    return remembered(
      this.of(module).places,
      `${core.functionIndex} ${core.offset} ${youngest}`,
      (): Place | undefined => {
        const found = attempt(() => {
          const code = FunctionCode.of(module, core.functionIndex);
          const instruction = code && standsAt(code, core, youngest);
          return code && instruction && { code, instruction };
        });
        return found instanceof FormatError ? undefined : found;
      },
    );
  }

  /** What the frame's function holds where it stands, or why that cannot be told. */
  state(frame: PlacedFrame, youngest: boolean, scope: Scope): FrameState | Unrecoverable {
    const place = this.place(frame, youngest);
    if (place === undefined) return new Unrecoverable("it stands at no instruction of its function");
    const { module, core } = frame;
    const { code, instruction } = place;
    const { states, pointer } = this.of(module);
    return remembered(states, `${scope} ${core.functionIndex} ${instruction.offset}`, () => {
      const found = attempt(() =>
        recovering(() => evaluateTo(module, code, instruction.offset, pointer, scope, new Budget(BUDGET))),
      );
      return found instanceof FormatError ? new Unrecoverable(found.problem) : found;
    });
  }

  /** What a local held of a variable, in the terms of what the frame's function holds; undefined where nothing tells. */
  kept(frame: PlacedFrame, youngest: boolean, variable: Kept, places: KeptIn["places"]): Term | undefined {
    const place = this.place(frame, youngest);
    const state = this.state(frame, youngest, "everything");
    if (place === undefined || state instanceof Unrecoverable) return undefined;
    const { module, core } = frame;
    const { code, instruction } = place;
    const { kept, pointer } = this.of(module);
    const key = [core.functionIndex, instruction.offset, ...Object.values(variable)].join(" ");
    return remembered(kept, key, () => {
      const found = attempt(() =>
        recovering(() => {
          const base = this.frameBase(frame, code, variable.local);
          const followed = KeptValue.of(state.terms, code, instruction.offset, variable, { base, places });
          return followed?.valueIn(
            evaluateTo(module, code, instruction.offset, pointer, "everything", new Budget(BUDGET), {
              kept: followed,
              terms: state.terms,
            }),
          );
        }),
      );
      return found instanceof FormatError || found instanceof Unrecoverable ? undefined : found;
    });
  }

  /** The frame base that a function sets up, which debug information may say is in `local`. */
  frameBase(
    { core, module }: PlacedFrame,
    code: FunctionCode,
    local: number | undefined,
  ): PrologueBase | undefined {
    const { bases, pointer } = this.of(module);
    return remembered(bases, `${core.functionIndex} ${local}`, () => {
      const found = attempt(() => recovering(() => frameBaseOf(module, code, pointer, local)));
      return found instanceof FormatError || found instanceof Unrecoverable ? undefined : found;
    });
  }
}

/** What is in the map, or goes into it now. */
function remembered<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as Value;
  const made = make();
  map.set(key, made);
  return made;
}
