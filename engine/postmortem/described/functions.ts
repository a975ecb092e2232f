/**
 * Where the functions of a module lie whose code is not at hand: debuginfo-split leaves it out of its debug files, and
 * the original wasm-coredump client sends a module's sections without it. What is there is names by index (the name
 * section) and code by name (the debug information); matching.ts joins them.
 */
import { attempt, FormatError, once } from "../../bytes/errors";
import { LongWork, WorkPending } from "../../bytes/long-work";
import type { FunctionIndex } from "../../bytes/offsets";
import { DW_AT } from "../../dwarf/constants";
import type { CodeRange, DebugInformation, Entry } from "../../dwarf/model";
import { demangle } from "../../wasm/demangle/index";
import type { WasmModule } from "../../wasm/module";
import { matchBodies, type Subprogram } from "./matching";

export class DescribedFunctions {
  private readonly survey: Survey;

  constructor(
    private readonly wasm: WasmModule,
    readonly debug: DebugInformation,
  ) {
    this.survey = new Survey(debug);
  }

  /**
   * A function's body, declarations of locals included; undefined where it is not certain which one it is. The first
   * answer takes a look at all units.
   * @throws WorkPending when that is to be done in steps
   */
  bodyOf(index: FunctionIndex): CodeRange | undefined {
    return this.bodies().get(index);
  }

  /** The end of all code that is described: the code section is no shorter. */
  get end(): number {
    return this.subprograms().reduce((end, { range }) => Math.max(end, range.high), 0);
  }

  private readonly bodies = once(() => {
    const functions = Array.from(this.wasm.namedFunctions(), ([index, name]) => ({
      index,
      name: withoutSuffix(name),
      shortName: shortName(demangle(withoutSuffix(name))),
    }));
    const written = new Set(functions.map(({ name }) => name));
    // Linkers write names as they are, or as people read them.
    const subprograms = this.subprograms().map((one) =>
      written.has(one.name) ? one : { ...one, name: demangle(one.name) },
    );
    return matchBodies(functions, subprograms);
  });

  private subprograms(): readonly Subprogram[] {
    while (!this.survey.step()) if (this.debug.inSteps) throw new WorkPending(this.survey);
    return this.survey.found;
  }
}

/** LLVM adds it to the symbol of what it made visible to other units of a program, and not to the name that DWARF has. */
const withoutSuffix = (name: string): string => name.replace(/\.llvm\.\d+$/, "");

/**
 * The last part of a function's name, as symbols and debug information both have it: `write` of
 * `std::Result<()> <Buffer as Write>::write[abi:v1]<u8>(&self) const`. All operators are alike.
 */
function shortName(name: string): string {
  if (/\boperator\b/.test(name)) return "operator";
  let text = "";
  let depth = 0;
  for (const character of name.replaceAll("->", "")) {
    if (OPENING.has(character)) depth++;
    if (depth === 0) text += character;
    if (CLOSING.has(character)) depth--;
  }
  const path = text.replace(/( (const|volatile|noexcept)| ?&)+$/, "").replace(/^.* /s, "");
  return path.slice(path.lastIndexOf("::") + 1).replace(/^:/, "");
}

const OPENING: ReadonlySet<string> = new Set("<([");
const CLOSING: ReadonlySet<string> = new Set(">)]");

/** All subprograms of a program that lie in one piece, unit by unit. */
class Survey extends LongWork {
  readonly name = "Looking for functions in the whole program";
  readonly found: Subprogram[] = [];
  private done = 0;

  constructor(private readonly debug: DebugInformation) {
    super();
  }

  private readonly units = once(() => [...this.debug.units()]);

  get progress(): number {
    const { length } = this.units();
    return length === 0 ? 1 : this.done / length;
  }

  step(): boolean {
    const unit = this.units()[this.done];
    if (unit === undefined) return true;
    // A damaged unit reports its damage itself.
    const found = attempt(() => Array.from(unit.complete.subprograms(), subprogramOf));
    if (!(found instanceof FormatError)) this.found.push(...found.flatMap((one) => one ?? []));
    this.done++;
    return this.done >= this.units().length;
  }
}

function subprogramOf(entry: Entry): Subprogram | undefined {
  const [range, ...more] = entry.ranges();
  const linkageName = entry.string(DW_AT.linkage_name) ?? entry.string(DW_AT.MIPS_linkage_name);
  const name = linkageName ?? entry.name;
  if (range === undefined || more.length > 0 || name === undefined) return undefined;
  return { range, name, shortName: shortName(entry.name ?? demangle(name)) };
}
