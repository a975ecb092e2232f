/**
 * Producers that record every local as a 32-bit word: right for an i32, cut or converted for every other type.
 * The module tells which is which.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import type { CoreDump, CoreFrame, RecordedValue } from "../model";
import type { ModuleOfInstance } from "../placement";

/** The dump with every local that is no i32 missing. A frame's function is looked at when its locals are asked for. */
export function onlyDeclaredTypes(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump {
  const threads = dump.threads.map((thread) => ({
    ...thread,
    frames: thread.frames.map((frame) => new TypedFrame(frame, moduleOf(frame.instance))),
  }));
  return { ...dump, threads };
}

class TypedFrame implements CoreFrame {
  private known: readonly RecordedValue[] | undefined;

  constructor(
    private readonly recorded: CoreFrame,
    private readonly module: WasmModule | undefined,
  ) {}

  get instance() {
    return this.recorded.instance;
  }
  get functionIndex() {
    return this.recorded.functionIndex;
  }
  get offset() {
    return this.recorded.offset;
  }
  /** Operands have no declared type. */
  get stack() {
    return this.recorded.stack.map((): RecordedValue => ({ type: "missing" }));
  }
  get locals() {
    return (this.known ??= this.typed());
  }

  private typed(): readonly RecordedValue[] {
    const { module, recorded } = this;
    const code = module && attempt(() => FunctionCode.of(module, recorded.functionIndex));
    const typeOf = (index: number) => (code instanceof FormatError ? undefined : code?.localType(index));
    return recorded.locals.map((value, index) => (typeOf(index) === "i32" ? value : { type: "missing" }));
  }
}
