/**
 * A function as text: one instruction a line in the WebAssembly text format's words, with names where the
 * module has them.
 */
import { attempt, FormatError } from "../bytes/errors";
import {
  type BodyOffset,
  bodyOffset,
  type CodeOffset,
  codeOffset,
  type FunctionIndex,
} from "../bytes/offsets";
import { FunctionCode } from "./function-code";
import type { Immediate, Instruction } from "./instructions";
import type { WasmModule } from "./module";
import { f32Text, f64Text, v128Text } from "./numbers";
import type { BlockType, FunctionType } from "./types";

export interface DisassembledLine {
  readonly offset: BodyOffset;
  readonly pc: CodeOffset;
  /** Indented by the blocks around it. */
  readonly text: string;
  /** The instruction's bytes. */
  readonly bytes: Uint8Array;
}

/**
 * The instructions of a function, in order. Where the bytes are malformed, a last line says so and holds
 * the bytes that are left.
 * @returns no lines for imports and functions whose code is not in the file
 */
export function disassembleFunction(module: WasmModule, index: FunctionIndex): readonly DisassembledLine[] {
  const body = module.body(index);
  if (body === undefined) return [];
  const lines: DisassembledLine[] = [];
  let end = 0;
  const outcome = attempt(() => {
    const code = FunctionCode.of(module, index)!;
    for (const instruction of code.instructions()) {
      const { offset, length } = instruction;
      end = offset + length;
      lines.push({
        offset,
        pc: codeOffset(body.start + offset),
        text: "  ".repeat(Math.min(instruction.depth, deepest)) + instructionText(module, index, instruction),
        bytes: code.bytes.subarray(offset, end),
      });
    }
  });
  if (outcome instanceof FormatError) {
    lines.push({
      offset: bodyOffset(end),
      pc: codeOffset(body.start + end),
      text: `;; malformed: ${outcome.problem}`,
      bytes: module.source.read(body.fileStart + end, body.size - end),
    });
  }
  return lines;
}

/** Indentation stops here, so that text stays proportional to code. */
const deepest = 40;

/**
 * A function's header: its name, parameters, results and locals, one declaration a line, e.g.
 * `(func $add (param $a i32) (result i32)` and `(local $sum i32)`.
 */
export function functionHeader(module: WasmModule, index: FunctionIndex): readonly string[] {
  const names = new Names(module, index);
  const type = module.functionType(index);
  const parameters =
    type?.parameters.map((parameter, i) => ` (param${names.declared(i)} ${parameter})`) ?? [];
  const results = type?.results.length ? ` (result ${type.results.join(" ")})` : "";
  const header = [`(func ${names.of("function", index)}${parameters.join("")}${results}`];
  const code = attempt(() => FunctionCode.of(module, index));
  if (code === undefined || code instanceof FormatError) return header;
  let at = parameters.length;
  for (const { count, type: local } of code.locals) {
    if (count > mostLocals) header.push(`  ;; ${count} locals of type ${local}`);
    else for (let i = 0; i < count; i++) header.push(`  (local${names.declared(at + i)} ${local})`);
    at += count;
  }
  return header;
}

/** A run of more locals than this is summed up in one line. */
const mostLocals = 100;

/** One instruction's text without indentation, e.g. `i32.load $memory offset=8`. */
export function instructionText(module: WasmModule, index: FunctionIndex, instruction: Instruction): string {
  const operands = new Operands(module, new Names(module, index)).text(instruction);
  return operands === "" ? instruction.mnemonic : `${instruction.mnemonic} ${operands}`;
}

/** Identifiers of the text format: `$name`, quoted where the name has other characters, else the index. */
class Names {
  constructor(
    private readonly module: WasmModule,
    private readonly index: FunctionIndex,
  ) {}

  of(kind: string, index: number): string {
    const name = this.lookUp(kind, index);
    return name === undefined ? String(index) : identifier(name);
  }

  /** For a declaration: a blank and the local's name, or nothing. */
  declared(local: number): string {
    const name = this.module.localName(this.index, local);
    return name === undefined ? "" : ` ${identifier(name)}`;
  }

  private lookUp(kind: string, index: number): string | undefined {
    const module = this.module;
    switch (kind) {
      case "function":
        return module.functionName(index as FunctionIndex);
      case "local":
        return module.localName(this.index, index);
      case "global":
        return module.globalName(index);
      case "memory":
        return module.memoryName(index);
      case "table":
        return module.tableName(index);
      case "type":
        return module.typeName(index);
      case "data":
        return module.dataName(index);
      case "element":
        return module.elementName(index);
      case "tag":
        return module.tagName(index);
      default:
        return undefined;
    }
  }
}

function identifier(name: string): string {
  return /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/.test(name) ? `$${name}` : `$${JSON.stringify(name)}`;
}

class Operands {
  constructor(
    private readonly module: WasmModule,
    private readonly names: Names,
  ) {}

  text(instruction: Instruction): string {
    const { mnemonic, immediates } = instruction;
    const [first, second] = immediates;
    switch (mnemonic) {
      case "call_indirect":
      case "return_call_indirect": // type, table: the text has them the other way round
        return join([this.unlessFirst(second!), this.typeUse(indexOf(first!))]);
      case "memory.init":
      case "table.init": // segment, target
        return join([this.unlessFirst(second!), this.operand(first!, mnemonic)]);
      case "memory.copy":
      case "table.copy": // both, or neither when both are the first
        return indexOf(first!) === 0 && indexOf(second!) === 0
          ? ""
          : join(immediates.map((immediate) => this.operand(immediate, mnemonic)));
      case "memory.size":
      case "memory.grow":
      case "memory.fill":
        return this.unlessFirst(first!);
      case "br_on_cast":
      case "br_on_cast_fail":
        return castText(immediates);
      case "struct.get":
      case "struct.get_s":
      case "struct.get_u":
      case "struct.set":
        return join([this.operand(first!, mnemonic), this.field(indexOf(first!), indexOf(second!))]);
      default:
        return join(immediates.map((immediate) => this.operand(immediate, mnemonic)));
    }
  }

  private operand(immediate: Immediate, mnemonic: string): string {
    switch (immediate.kind) {
      case "block":
        return this.blockType(immediate.type);
      case "labels":
        return [...immediate.labels, immediate.otherwise].join(" ");
      case "i32":
      case "i64":
        return String(immediate.value);
      case "f32":
        return f32Text(immediate.bits);
      case "f64":
        return f64Text(immediate.bits);
      case "v128":
        return v128Text(immediate.bytes);
      case "lanes":
        return immediate.bytes.join(" ");
      case "memarg": {
        const align = 2 ** immediate.align;
        return join([
          immediate.memory === 0 ? "" : this.names.of("memory", immediate.memory),
          immediate.offset === 0n ? "" : `offset=${immediate.offset}`,
          align === naturalAlignment(mnemonic) ? "" : `align=${align}`,
        ]);
      }
      case "types":
        return `(result ${immediate.types.join(" ")})`;
      case "bare heap":
        return immediate.type;
      case "heap":
        return `(ref ${immediate.type})`;
      case "null heap":
        return `(ref null ${immediate.type})`;
      case "catches":
      case "handlers":
        return join(
          immediate.clauses.map(({ keyword, tag, label }) => {
            const target = keyword === "on" && label === undefined ? "switch" : String(label);
            return `(${join([keyword, tag === undefined ? "" : this.names.of("tag", tag), target])})`;
          }),
        );
      case "ordering":
        return "";
      default:
        return this.names.of(immediate.kind, immediate.value);
    }
  }

  /** Tables and memories: the first is understood when none is named. */
  private unlessFirst(immediate: Immediate): string {
    const index = indexOf(immediate);
    return index === 0 ? "" : this.names.of(immediate.kind, index);
  }

  private field(type: number, field: number): string {
    const name = this.module.fieldName(type, field);
    return name === undefined ? String(field) : identifier(name);
  }

  private typeUse(index: number): string {
    const type = this.module.typeAt(index);
    return join([`(type ${this.names.of("type", index)})`, type === undefined ? "" : signature(type)]);
  }

  private blockType(type: BlockType): string {
    if (type.kind === "empty") return "";
    return type.kind === "result" ? `(result ${type.type})` : this.typeUse(type.index);
  }
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function indexOf(immediate: Immediate): number {
  return "value" in immediate ? Number(immediate.value) : 0;
}

function signature({ parameters, results }: FunctionType): string {
  return join([
    parameters.length ? `(param ${parameters.join(" ")})` : "",
    results.length ? `(result ${results.join(" ")})` : "",
  ]);
}

/** Nullability flags, label, source type, target type. */
function castText(immediates: readonly Immediate[]): string {
  const [flags, label, ...types] = immediates;
  const references = types.map((type, i) => {
    const heap = "type" in type ? String(type.type) : "";
    return indexOf(flags!) & (1 << i) ? `(ref null ${heap})` : `(ref ${heap})`;
  });
  return join([String(indexOf(label!)), ...references]);
}

/** Bytes that an access touches, which is the alignment that the text format leaves out. */
function naturalAlignment(mnemonic: string): number {
  const width = /(?:load|store|rmw|wait)(\d+)(?:x(\d+))?/.exec(mnemonic);
  if (width !== null) return (Number(width[1]) * Number(width[2] ?? 1)) / 8;
  if (mnemonic.startsWith("v128")) return 16;
  return mnemonic.startsWith("i64") || mnemonic.startsWith("f64") ? 8 : 4;
}
