/** One function's code: its bytes, its locals, and its instructions by body offset. */
import type { BodyOffset, FunctionIndex } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import {
  findInstruction,
  type Instruction,
  type LocalRun,
  readInstructions,
  readLocals,
} from "./instructions";
import type { FunctionBody, WasmModule } from "./module";
import type { ValueType } from "./types";

export class FunctionCode {
  /** The body's bytes, declarations of locals included. */
  readonly bytes: Uint8Array;
  readonly parameters: readonly ValueType[];
  /** Declared locals, which follow the parameters in the index space. */
  readonly locals: readonly LocalRun[];
  /** Offset of the first instruction. */
  readonly start: number;

  /**
   * Reads a function's body.
   * @returns undefined for imports and functions whose code is not in the file
   * @throws FormatError when the declarations of locals are malformed
   */
  static of(module: WasmModule, index: FunctionIndex): FunctionCode | undefined {
    const body = module.body(index);
    return body && new FunctionCode(module, body);
  }

  private constructor(
    module: WasmModule,
    readonly body: FunctionBody,
  ) {
    this.bytes = module.source.read(body.fileStart, body.size);
    this.parameters = module.functionType(body.index)?.parameters ?? [];
    const reader = new ByteReader(this.bytes, this.section);
    this.locals = readLocals(reader);
    this.start = reader.position;
  }

  private get section(): string {
    return `body of function ${this.body.index}`;
  }

  /** Parameters and declared locals. */
  get localCount(): number {
    return this.locals.reduce((count, run) => count + run.count, this.parameters.length);
  }

  /** Type of a parameter or local; undefined when there is none of that index. */
  localType(index: number): ValueType | undefined {
    if (index < this.parameters.length) return this.parameters[index];
    let left = index - this.parameters.length;
    for (const run of this.locals) {
      if (left < run.count) return run.type;
      left -= run.count;
    }
    return undefined;
  }

  /**
   * The instructions in order.
   * @throws FormatError at the first malformed one; those before it were given
   */
  instructions(): Generator<Instruction, void> {
    return readInstructions(this.reader());
  }

  /** Stands at the first instruction. */
  private reader(): ByteReader {
    const reader = new ByteReader(this.bytes, this.section);
    reader.position = this.start;
    return reader;
  }

  /**
   * The instruction that starts exactly at `offset`; undefined when none does.
   * @throws FormatError when the body is malformed before `offset`
   */
  instructionAt(offset: BodyOffset): Instruction | undefined {
    return findInstruction(this.reader(), offset);
  }
}
