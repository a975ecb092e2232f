/**
 * Steps over a function's code as a rewriter needs it: which instruction, where, and the numbers behind it, without an
 * object for each. `readInstructions` (wasm/instructions.ts) tells more, at a tenth of the speed.
 */
import { FormatError } from "../../bytes/errors";
import { type ImmediateKind, isPrefix, type Opcode, opcodes } from "../../wasm/opcodes";
import { ByOpcode } from "./by-opcode";

const byCode: Pick<ByOpcode<Opcode>, "get"> = new ByOpcode(opcodes);

/** What follows the opcodes that code mostly consists of. The others' immediates are gone through one by one. */
const nothing = 1;
const index = 2;
const constant = 3;
const memarg = 4;
const block = 5;
const layouts = Uint8Array.from({ length: 256 }, (_, code) => layoutOf(byCode.get(code)));

function layoutOf(opcode: Opcode | undefined): number {
  if (opcode === undefined) return 0;
  const [kind, ...more] = opcode.immediates;
  if (more.length > 0) return 0;
  switch (kind) {
    case undefined:
      return nothing;
    case "local":
    case "global":
    case "function":
    case "label":
      return index;
    case "i32":
    case "i64":
      return constant;
    case "memarg":
      return memarg;
    case "block":
      return block;
    default:
      return 0;
  }
}

export class CodeCursor {
  /** Offset of the current instruction. */
  start = 0;
  /** Offset of its immediates. */
  immediates = 0;
  opcode!: Opcode;
  /** The first number behind it: an index, a count, an alignment; of constants `constant` tells more. */
  value = 0;
  /** The second number: a table of call_indirect, a memory of memory.copy. */
  second = 0;
  /** Of a memory access; one beyond 2^53 is rounded. */
  offset = 0;
  memory = 0;
  /** Labels of br_table, the default last; those that handlers of try_table lead to. */
  labels: number[] = [];
  /** Whether a clause of the current try_table catches whatever is thrown. */
  catchesAll = false;
  /** Offset of the number of clauses of the current try_table. */
  clauses = 0;
  /** Tags that clauses of the current try_table name. */
  tags: number[] = [];

  /**
   * @param bytes a body's
   * @param at where the first instruction is
   * @param section for messages
   */
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    private readonly section: string,
  ) {}

  /**
   * Moves to the next instruction; false at the end.
   * @throws FormatError at malformed bytes or an unknown opcode
   */
  next(): boolean {
    const { bytes, at } = this;
    if (at >= bytes.length) return false;
    this.start = at;
    const first = bytes[at]!;
    const layout = layouts[first]!;
    if (layout === 0) {
      this.at = at + 1;
      this.general(first);
      return true;
    }
    this.opcode = byCode.get(first)!;
    this.immediates = this.at = at + 1;
    if (layout === nothing) return true;
    // Behind the last byte there is undefined, which is not less than anything.
    const byte = bytes[at + 1]!;
    if (layout === memarg) {
      const offset = bytes[at + 2]!;
      if (byte < 0x40 && offset < 0x80) {
        this.value = byte;
        this.memory = 0;
        this.offset = offset;
        this.at = at + 3;
      } else this.pass("memarg", 0);
    } else if (layout === block) this.skipBlockType();
    else if (byte < 0x80) {
      this.value = byte;
      this.at = at + 2;
    } else if (layout === index) this.value = this.uleb();
    else this.skipLeb();
    return true;
  }

  private general(first: number): void {
    const opcode = byCode.get(isPrefix(first) ? (first << 16) | this.uleb() : first);
    if (opcode === undefined) this.fail("Unknown instruction");
    this.opcode = opcode;
    this.immediates = this.at;
    const kinds = opcode.immediates;
    for (let i = 0; i < kinds.length; i++) this.pass(kinds[i]!, i);
  }

  /** The constant of the current i32.const or i64.const; one beyond 2^53 is rounded. */
  get constant(): number {
    // From its last byte, which has the sign: so no number on the way is larger than the constant.
    let value = (this.bytes[this.at - 1]! << 25) >> 25;
    for (let at = this.at - 2; at >= this.immediates; at--) value = value * 128 + (this.bytes[at]! & 0x7f);
    return value;
  }

  private pass(kind: ImmediateKind, position: number): void {
    switch (kind) {
      case "i32":
      case "i64":
        this.skipLeb();
        return;
      case "f32":
        this.skip(4);
        return;
      case "f64":
        this.skip(8);
        return;
      case "v128":
      case "lanes":
        this.skip(16);
        return;
      case "memarg": {
        const flags = this.uleb();
        this.value = flags & 0x3f;
        this.memory = flags & 0x40 ? this.uleb() : 0;
        this.offset = this.uleb(10);
        return;
      }
      case "labels":
        this.labels = [];
        for (let left = this.count(); left >= 0; left--) this.labels.push(this.uleb());
        return;
      case "block":
        this.skipBlockType();
        return;
      case "types":
        for (let left = this.count(); left > 0; left--) this.skipValueType();
        return;
      case "bare heap":
      case "heap":
      case "null heap":
        this.skipLeb();
        return;
      case "catches":
        this.passClauses();
        return;
      case "lane":
      case "nullability":
      case "ordering":
        this.skip(1);
        return;
      default: {
        if (kind === "handlers") this.fail("Continuations are not instrumented");
        const value = this.uleb();
        if (position === 0) this.value = value;
        else this.second = value;
      }
    }
  }

  private passClauses(): void {
    this.clauses = this.at;
    this.labels = [];
    this.tags = [];
    this.catchesAll = false;
    for (let left = this.count(); left > 0; left--) {
      const kind = this.u8();
      if (kind > 3) this.fail(`Unknown catch clause ${kind}`);
      if (kind < 2) this.tags.push(this.uleb());
      else this.catchesAll = true;
      this.labels.push(this.uleb());
    }
  }

  private skipBlockType(): void {
    const code = this.bytes[this.at]!;
    if (code === 0x63 || code === 0x64) this.skipValueType();
    else this.skipLeb();
  }

  private skipValueType(): void {
    const code = this.u8();
    if (code === 0x63 || code === 0x64) this.skipLeb();
  }

  private u8(): number {
    if (this.at >= this.bytes.length) this.fail("The code ends inside an instruction");
    return this.bytes[this.at++]!;
  }

  /** @param longest bytes that the number has at most */
  private uleb(longest = 5): number {
    let result = 0;
    for (let scale = 1, left = longest; left > 0; left--, scale *= 128) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
    }
    return this.fail("A LEB128 number is too long");
  }

  private skipLeb(): void {
    for (let left = 10; left > 0; left--) if (this.u8() < 0x80) return;
    this.fail("A LEB128 number is too long");
  }

  private count(): number {
    const count = this.uleb();
    if (count > this.bytes.length - this.at)
      this.fail(`${count} items cannot fit into the code that is left`);
    return count;
  }

  private skip(length: number): void {
    if (this.at + length > this.bytes.length) this.fail("The code ends inside an instruction");
    this.at += length;
  }

  private fail(problem: string): never {
    throw new FormatError(problem, { section: this.section, offset: this.start });
  }
}
