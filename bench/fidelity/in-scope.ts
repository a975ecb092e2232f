/**
 * The variables that are in scope where a frame stands, and whether DWARF locates them there, as llvm-dwarfdump
 * prints it: a reading of the debug information that shares nothing with the one that is judged.
 */
import { type DumpedAttribute, type DumpedEntry, dumpNamed } from "../../test/support/dwarfdump";

/** A DW_TAG_variable or DW_TAG_formal_parameter. */
export interface ScopedVariable {
  readonly name: string;
  /** Of its entry, in .debug_info. */
  readonly offset: number;
  /** What says where it is at this pc, as llvm-dwarfdump writes it; undefined when nothing does. */
  readonly location: string | undefined;
  /** The compiler's own, such as the length of an array (DW_AT_artificial); parameters are the program's all the same. */
  readonly artificial: boolean;
}

/** A subprogram or inlined call that is active at a pc. */
export interface ActiveCall {
  readonly offset: number;
  /** Parameters first, then by lexical block, outermost first. */
  readonly variables: readonly ScopedVariable[];
}

interface Node {
  readonly entry: DumpedEntry;
  readonly children: Node[];
}

/** What llvm-dwarfdump tells of some functions of one module. */
export class DumpedFunctions {
  private readonly nodes = new Map<number, Node>();

  /** @param names DW_AT_name of the functions that are asked for later */
  constructor(file: string, names: readonly string[]) {
    const open: Node[] = [];
    for (const entry of dumpNamed(file, names)) {
      while (open.length > 0 && open.at(-1)!.entry.depth >= entry.depth) open.pop();
      const node: Node = { entry, children: [] };
      open.at(-1)?.children.push(node);
      open.push(node);
      if (!this.nodes.has(entry.offset)) this.nodes.set(entry.offset, node);
    }
  }

  /** The calls that are active at an offset in the code section, innermost first; none where it names no function. */
  activeAt(pc: number): readonly ActiveCall[] {
    for (const node of this.nodes.values()) {
      if (node.entry.tag !== "DW_TAG_subprogram" || !covers(node.entry, pc)) continue;
      const calls: { node: Node; variables: ScopedVariable[] }[] = [];
      let within: Node | undefined = node;
      for (; within !== undefined; within = within.children.find((child) => isBlock(child, pc))) {
        if (within.entry.tag !== "DW_TAG_lexical_block") calls.push({ node: within, variables: [] });
        calls.at(-1)!.variables.push(...this.variablesOf(within, pc));
      }
      return calls
        .toReversed()
        .map(({ node: { entry }, variables }) => ({ offset: entry.offset, variables }));
    }
    return [];
  }

  private variablesOf(block: Node, pc: number): ScopedVariable[] {
    const own = block.children.flatMap(({ entry }) => this.variable(entry, pc) ?? []);
    const origin = this.originOf(block.entry);
    if (origin === undefined) return own;
    // A copy of a function may not mention a variable that it lost; it has it all the same.
    const kept = new Set(block.children.map(({ entry }) => this.originOf(entry)?.entry.offset));
    const lost = origin.children.filter(({ entry }) => !kept.has(entry.offset));
    return [...own, ...lost.flatMap(({ entry }) => this.variable(entry, pc) ?? [])];
  }

  private variable(entry: DumpedEntry, pc: number): ScopedVariable | undefined {
    if (entry.tag !== "DW_TAG_variable" && entry.tag !== "DW_TAG_formal_parameter") return undefined;
    const name = nameOf(entry);
    if (name === undefined || attribute(entry, "DW_AT_declaration") !== undefined) return undefined;
    const origin = this.originOf(entry)?.entry;
    return {
      name,
      offset: entry.offset,
      artificial: entry.tag === "DW_TAG_variable" && attribute(entry, "DW_AT_artificial") !== undefined,
      location: locationAt(entry, pc) ?? (origin && locationAt(origin, pc)),
    };
  }

  private originOf(entry: DumpedEntry): Node | undefined {
    const origin = attribute(entry, "DW_AT_abstract_origin");
    return origin && this.nodes.get(Number.parseInt(origin.value, 16));
  }
}

const attribute = (entry: DumpedEntry, name: string): DumpedAttribute | undefined =>
  entry.attributes.find((candidate) => candidate.name === name);

function nameOf(entry: DumpedEntry): string | undefined {
  const named = attribute(entry, "DW_AT_name") ?? attribute(entry, "DW_AT_abstract_origin");
  return named && /"(.*)"/.exec(named.value)?.[1];
}

function isBlock({ entry }: Node, pc: number): boolean {
  return /^DW_TAG_(lexical_block|inlined_subroutine)$/.test(entry.tag) && covers(entry, pc);
}

function covers(entry: DumpedEntry, pc: number): boolean {
  const ranges = attribute(entry, "DW_AT_ranges")?.ranges;
  if (ranges !== undefined) return ranges.some(({ low, high }) => low <= pc && pc < high);
  const low = attribute(entry, "DW_AT_low_pc");
  const high = attribute(entry, "DW_AT_high_pc");
  return low !== undefined && high !== undefined && Number(low.value) <= pc && pc < Number(high.value);
}

/** DW_AT_const_value, the expression of DW_AT_location, or that of its list which holds at `pc`. */
function locationAt(entry: DumpedEntry, pc: number): string | undefined {
  const constant = attribute(entry, "DW_AT_const_value");
  if (constant !== undefined) return `DW_AT_const_value ${constant.value}`;
  const location = attribute(entry, "DW_AT_location");
  if (location === undefined) return undefined;
  const isList = location.ranges.length > 0 || /0x[0-9a-f]+: *$/.test(location.value);
  const text = isList
    ? location.ranges.find(({ low, high }) => low <= pc && pc < high)?.text
    : location.value;
  return text === undefined || text === "" || text === "<empty>" ? undefined : text;
}
