/**
 * A first look at all of the code, before anything is written: what the module does decides what may be put into it.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { functionIndex } from "../../bytes/offsets";
import { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { ByOpcode } from "./by-opcode";
import { op, prefixed } from "./code";
import { CodeCursor } from "./cursor";

export interface Survey {
  /** Opcodes that occur. */
  readonly opcodes: ReadonlySet<number>;
  /**
   * Whether code of the module catches whatever is thrown. It would catch the exceptions that stand for traps as well,
   * which no module can catch.
   */
  readonly catchesAll: boolean;
  /** The encoding of exceptions that the module itself uses. */
  readonly exceptions: "legacy" | "exnref" | undefined;
  /** Tables that code writes to. */
  readonly writtenTables: ReadonlySet<number>;
  /** The first function whose code is not known to the last instruction, and why. */
  readonly unknown: FormatError | undefined;
}

const tableInit = prefixed(0xfc, 12);
const tableWrites: ReadonlySet<number> = new Set([
  ...[op.tableSet, tableInit],
  ...[14, 15, 17].map((number) => prefixed(0xfc, number)), // table.copy, grow, fill
]);
const legacy: ReadonlySet<number> = new Set([op.try, op.catch, op.rethrow, op.delegate, op.catchAll]);

/** @throws FormatError when a body reaches out of the code section */
export const survey = (module: WasmModule): Survey => new Surveyor(module).survey();

class Surveyor {
  private readonly opcodes = new Set<number>();
  /** What is looked at in instructions of an opcode that occurs: mostly nothing. */
  private readonly looks = new ByOpcode<(cursor: CodeCursor) => void>();
  private readonly writtenTables = new Set<number>();
  private readonly importedTags: number;
  private catchesAll = false;

  constructor(private readonly module: WasmModule) {
    this.importedTags = module.imports.filter(({ kind }) => kind === "tag").length;
  }

  survey(): Survey {
    const { module, opcodes, writtenTables } = this;
    let unknown: FormatError | undefined;
    for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
      const looked = attempt(() => this.body(index));
      if (looked instanceof FormatError) unknown ??= looked;
    }
    const exceptions =
      opcodes.has(op.tryTable) || opcodes.has(op.throwRef)
        ? "exnref"
        : [...legacy].some((opcode) => opcodes.has(opcode))
          ? "legacy"
          : undefined;
    return { opcodes, catchesAll: this.catchesAll, exceptions, writtenTables, unknown };
  }

  private body(index: number): void {
    const code = FunctionCode.of(this.module, functionIndex(index));
    if (code === undefined) return;
    const { looks } = this;
    const cursor = new CodeCursor(code.bytes, code.start, `body of function ${index}`);
    while (cursor.next()) {
      const look = looks.get(cursor.opcode.code) ?? this.meet(cursor.opcode.code);
      if (look !== NOTHING) look(cursor);
    }
  }

  /** An opcode that did not occur yet. */
  private meet(opcode: number): (cursor: CodeCursor) => void {
    const look = this.lookAt(opcode);
    this.opcodes.add(opcode);
    this.looks.set(opcode, look);
    return look;
  }

  private lookAt(opcode: number): (cursor: CodeCursor) => void {
    const { writtenTables, importedTags } = this;
    const catches = (isAll: boolean) => {
      if (isAll) this.catchesAll = true;
    };
    // table.init names its segment first, table.copy the table that it writes to.
    if (tableWrites.has(opcode))
      return ({ value, second }) => writtenTables.add(opcode === tableInit ? second : value);
    switch (opcode) {
      case op.catchAll:
        return () => catches(true);
      // An imported tag may be the one of JavaScript's exceptions.
      case op.catch:
        return ({ value }) => catches(value < importedTags);
      case op.tryTable:
        return ({ catchesAll, tags }) => catches(catchesAll || tags.some((tag) => tag < importedTags));
      default:
        return NOTHING;
    }
  }
}

const NOTHING = (): void => {};

/**
 * For each table its size, where an index is known to be good from the module alone: nobody outside sees the table,
 * nothing writes to it, and slot 0 alone is null.
 */
export function fixedTables(module: WasmModule, { writtenTables }: Survey): ReadonlyMap<number, number> {
  const fixed = new Map<number, number>();
  const exported = new Set(module.exports.filter(({ kind }) => kind === "table").map(({ index }) => index));
  module.tables.forEach(({ imported, minimum, initial, addressType }, table) => {
    if (imported || exported.has(table) || writtenTables.has(table) || addressType === "i64") return;
    if (initial?.type !== "null" || minimum === 0 || minimum > MOST_SLOTS) return;
    const filled = new Uint8Array(minimum);
    for (const segment of module.activeElements ?? []) {
      if (segment.table !== table) continue;
      const { offset, entries } = segment;
      if (offset === undefined) return;
      entries.forEach((entry, at) => {
        if (offset + at < minimum) filled[offset + at] = entry === undefined || entry === "null" ? 0 : 1;
      });
    }
    if (filled.indexOf(0) === 0 && filled.indexOf(0, 1) < 0) fixed.set(table, minimum);
  });
  return fixed;
}

/** V8's limit of a table. */
const MOST_SLOTS = 10_000_000;
