/**
 * What is added to a module's index spaces: types at their end, imported functions behind the module's own. The module's
 * types keep their indices; its functions move up by the number of imports.
 */
import { ByteWriter } from "../../bytes/writer";
import type { WasmModule } from "../../wasm/module";
import { type ValueType, writeValueType } from "../../wasm/types";
import { type } from "./code";
import { hostFunctions, importModule } from "./contract";
import { sleb } from "./edits";
import { type Trap, trapMessages } from "./traps";

const functionType = 0x60;

type HostFunction = keyof typeof hostFunctions;

/** Parameters and results of the functions of the host. */
const signatures: Readonly<Record<HostFunction, readonly [parameters: ValueType[], results: ValueType[]]>> = {
  frame: [["i32"], []],
  i32: [["i32"], []],
  i64: [["i64"], []],
  f32: [["i32"], []],
  f64: [["i64"], []],
  throw: [[], []],
  uncatchable: [["funcref"], []],
};

export class Additions {
  private readonly types: string[] = [];
  private readonly typeBytes = new ByteWriter();
  private readonly functions: { readonly name: string; readonly type: number }[] = [];
  private readonly indices = new Map<string, number>();
  readonly imported: number;

  /** @param names functions of the host, and traps, that the code will call: all, since they decide where functions are */
  constructor(
    private readonly module: WasmModule,
    names: readonly HostFunction[],
    traps: readonly Trap[],
  ) {
    this.imported = module.importedFunctionCount;
    for (const name of names) {
      const [parameters, results] = signatures[name];
      this.functions.push({ name: hostFunctions[name], type: this.typeIndex(parameters, results) });
    }
    for (const message of new Set(traps.map((trap) => trapMessages[trap])))
      this.functions.push({ name: message, type: this.typeIndex([], []) });
    for (const { name } of this.functions) this.indices.set(name, this.imported + this.indices.size);
  }

  private readonly entries: number[] = [];

  /**
   * The index of a function that stands before one of the module's: who calls it from JavaScript gets the error of a
   * trap thrown (`--no-exceptions`). The host's own functions need none.
   */
  entry = (original: number): number => {
    if (original < this.imported) return original;
    let at = this.entries.indexOf(original);
    if (at < 0) at = this.entries.push(original) - 1;
    return this.functionIndex(this.module.functionCount) + at;
  };

  /** The functions that are added before others. */
  get added(): readonly number[] {
    return this.entries;
  }

  /** Imports that are added. */
  get count(): number {
    return this.functions.length;
  }

  functionIndex = (original: number): number => (original < this.imported ? original : original + this.count);

  host = (name: HostFunction): number => this.indexOf(hostFunctions[name]);

  trap = (trap: Trap): number => this.indexOf(trapMessages[trap]);

  private indexOf(name: string): number {
    const index = this.indices.get(name);
    if (index === undefined) throw new RangeError(`The host's function "${name}" was not asked for`);
    return index;
  }

  /** The type of a block without parameters. */
  blockType = (results: readonly ValueType[]): readonly number[] => {
    if (results.length === 0) return [type.empty];
    if (results.length === 1) return [...writeValueType(new ByteWriter(), results[0]!).finish()];
    return sleb(this.typeIndex([], results));
  };

  private typeIndex(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters} ${results}`;
    let at = this.types.indexOf(key);
    if (at < 0) {
      at = this.types.push(key) - 1;
      this.typeBytes.u8(functionType);
      for (const list of [parameters, results]) {
        this.typeBytes.uleb(list.length);
        for (const one of list) writeValueType(this.typeBytes, one);
      }
    }
    return this.module.typeCount + at;
  }

  /** A function without parameters and results. */
  get plainType(): number {
    return this.typeIndex([], []);
  }

  /** Types that are added, and their number: known when the code is written. */
  get newTypes(): { readonly count: number; readonly bytes: Uint8Array } {
    return { count: this.types.length, bytes: this.typeBytes.finish() };
  }

  get newImports(): { readonly count: number; readonly bytes: Uint8Array } {
    const out = new ByteWriter();
    for (const { name, type } of this.functions) out.name(importModule).name(name).u8(0).uleb(type);
    return { count: this.count, bytes: out.finish() };
  }
}
