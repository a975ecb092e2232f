/**
 * Instruments a module for core dumps with values of locals (docs/INSTRUMENT.md). What the program does stays as it
 * was; where that cannot be, less is done, and said.
 *
 * The code is the only section that is rebuilt in memory: all else is copied from the file, or is small.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { functionIndex } from "../../bytes/offsets";
import type { ByteSource } from "../../bytes/source";
import { ByteWriter } from "../../bytes/writer";
import { mapSection, mapVersion } from "../../wasm/code-map-format";
import { FunctionCode } from "../../wasm/function-code";
import { WasmModule } from "../../wasm/module";
import { debugFileName, type Identity, identify } from "../build-id";
import {
  customSection,
  isCustom,
  isDwarf,
  type ModulePart,
  PREAMBLE,
  partsOf,
  refuseObjectFile,
} from "../module-parts";
import { Pieces, sizeOf } from "../pieces";
import { Additions } from "./additions";
import { type BodyContext, instrumentBody } from "./body";
import { accessTraps } from "./bounds";
import { trapsOf } from "./checks";
import { op } from "./code";
import { uleb } from "./edits";
import { Effects } from "./effects";
import { breaksTailCalls, DECLARED, entryBody, givesAway, TRAPPING } from "./entries";
import { addedExports } from "./exports";
import { moveFunctions, moveNames, namesFunctions } from "./indices";
import type { Instrumented, InstrumentOptions, InstrumentReport } from "./model";
import { type Place, standardSection, withMore, withSections } from "./sections";
import { fixedTables, type Survey, survey } from "./survey";

/** Ids of the sections that are rewritten for themselves. */
const id = {
  ...{ type: 1, import: 2, function: 3, global: 6, export: 7, start: 8, element: 9, code: 10, tag: 13 },
} as const;

/**
 * What a module becomes, as pieces of its file (pieces.ts).
 * @throws FormatError when the source is no sound module, has no code, or is instrumented already
 */
export function instrument(source: ByteSource, options: InstrumentOptions): Instrumented {
  const module = WasmModule.open(source);
  const parts = partsOf(module);
  refuseObjectFile(module, parts, "Instrument");
  refuseInstrumented(module, parts);
  if (module.functionCount === module.importedFunctionCount) refuseBare(module);
  if (options.tier === 0) return exportOnly(module, parts, []);
  const found = survey(module);
  partsOf(module); // what reading the code has found malformed
  const onlyExport = (why: string) =>
    exportOnly(module, parts, [`Only globals and memories are exported: ${why}`]);
  if (found.unknown !== undefined)
    return onlyExport(`the code is not known to its end. ${found.unknown.message}`);
  const isReturning = options.hasExceptions === false && !found.exceptions;
  if ((found.catchesAll || isReturning) && breaksTailCalls(module, found))
    return onlyExport(
      "JavaScript may call what tail calls by reference lead to, and would not see its traps",
    );
  return new ModuleEditor(module, parts, found, options).finish();
}

function refuseInstrumented(module: WasmModule, parts: readonly ModulePart[]): void {
  const map = parts.find((part) => isCustom(part, mapSection));
  if (map === undefined) return;
  throw new FormatError(
    `${module.name} is instrumented already`,
    { section: module.name, offset: map.start },
    "Give the module that it was made of: the debug file beside it is that.",
  );
}

function refuseBare(module: WasmModule): never {
  throw new FormatError(
    `${module.name} has no code to instrument`,
    { section: module.name, offset: 0 },
    "Give the module that runs.",
  );
}

/** Sections that say where in the code something is, which instrumenting moves: with DWARF they stay with the original. */
const tellsPositions = (part: ModulePart): boolean =>
  isDwarf(part) ||
  isCustom(part, "sourceMappingURL") ||
  (part.section.id === 0 && part.section.name.startsWith("metadata.code."));

/** A section's contents; those of an empty vector where there is none. */
const contentsOf = (module: WasmModule, { part }: Place): Uint8Array =>
  part === undefined ? Uint8Array.of(0) : module.source.read(part.section.start, part.section.size);

/** Tier 0. */
function exportOnly(
  module: WasmModule,
  parts: readonly ModulePart[],
  notes: readonly string[],
): Instrumented {
  const exports = addedExports(module);
  const pieces = new Pieces().copy(0, PREAMBLE);
  for (const place of withSections(parts, exports.count > 0 ? [id.export] : [])) {
    const { part } = place;
    if (place.id === id.export && exports.count > 0)
      pieces.add(standardSection(id.export, withMore(contentsOf(module, place), exports)));
    else if (part !== undefined) pieces.copy(part.start, part.end);
  }
  return {
    module: pieces.finish(),
    debug: undefined,
    report: {
      tier: 0,
      buildId: module.buildId,
      functions: module.functionCount - module.importedFunctionCount,
      instrumented: 0,
      partial: 0,
      exported: exports.count,
      notes,
    },
  };
}

/** Tiers 1 and 2. */
class ModuleEditor {
  private readonly additions: Additions;
  private readonly context: BodyContext;
  /** Whether functions are added before others (entries.ts). */
  private readonly hasEntries: boolean;
  /** Where a function is that is given away as a reference. */
  private readonly move: (original: number) => number;
  /** Functions that code refers to. */
  private readonly referenced = new Set<number>();
  private readonly plainType: number;
  /** Where JavaScript calls a function. */
  private readonly entry: (original: number) => number;
  private readonly identity: Identity;
  private readonly notes: string[] = [];
  private instrumented = 0;
  private partial = 0;

  constructor(
    private readonly module: WasmModule,
    private readonly parts: readonly ModulePart[],
    found: Survey,
    private readonly options: InstrumentOptions,
  ) {
    const isBounded = options.tier === 2;
    const traps = [...found.opcodes].flatMap((opcode) => [
      ...(trapsOf(opcode) ?? []),
      ...((isBounded && accessTraps(opcode)) || []),
    ]);
    // A module with exceptions of its own runs only where there are some.
    const flag = options.hasExceptions === false && !found.exceptions ? module.globals.length : undefined;
    const tag = found.catchesAll ? module.tagCount : undefined;
    const leaving = [
      ...(flag === undefined ? [] : ["throw" as const]),
      ...(tag === undefined ? [] : ["uncatchable" as const]),
    ];
    const additions = new Additions(module, ["frame", "i32", "i64", "f32", "f64", ...leaving], traps);
    const { functionIndex, entry, host, trap, blockType } = additions;
    this.additions = additions;
    this.plainType = tag === undefined ? -1 : additions.plainType;
    this.hasEntries = leaving.length > 0;
    this.entry = this.hasEntries ? entry : functionIndex;
    this.move = givesAway(module) ? this.entry : functionIndex;
    this.context = {
      functionIndex,
      reference: (original) => {
        this.referenced.add(original);
        return this.move(original);
      },
      flag,
      tag,
      host,
      trap,
      blockType,
      module,
      effects: new Effects(module),
      hasBounds: isBounded,
      exceptions: found.exceptions ?? "legacy",
      fixedTables: fixedTables(module, found),
    };
    this.identity = identify(module, module.source, options.sha1);
  }

  finish(): Instrumented {
    const { module, additions, identity, parts, context } = this;
    const exports = addedExports(module);
    const flags = context.flag === undefined ? 0 : 1;
    const tags = context.tag === undefined ? 0 : 1;
    const places = withSections(parts, [
      ...[id.type, id.import],
      ...(flags > 0 ? [id.global] : []),
      ...(tags > 0 ? [id.tag] : []),
      ...(this.hasEntries ? [id.element] : []),
      ...(exports.count > 0 ? [id.export] : []),
    ]);
    const moved = new Map(
      places
        .filter((place) => namesFunctions(place.id))
        .map((place) => [
          place.id,
          moveFunctions(place.id, contentsOf(module, place), this.moverOf(place.id)),
        ]),
    );
    const map = new ByteWriter();
    const code = this.code(map);
    const pieces = new Pieces().copy(0, PREAMBLE);
    let codeStart = 0;
    for (const place of places) {
      const { part } = place;
      const add = (contents: Uint8Array) => pieces.add(standardSection(place.id, contents));
      const more = (added: { count: number; bytes: Uint8Array }) =>
        add(withMore(moved.get(place.id) ?? contentsOf(module, place), added));
      if (place.id === id.type) more(additions.newTypes);
      else if (place.id === id.import) more(additions.newImports);
      else if (place.id === id.function) more(this.addedTypes());
      else if (place.id === id.tag && tags > 0)
        more({ count: 1, bytes: Uint8Array.of(0, ...uleb(this.plainType)) });
      else if (place.id === id.element && this.hasEntries) more(this.declarations());
      else if (place.id === id.global) more({ count: flags, bytes: flags > 0 ? FLAG : NOTHING });
      else if (place.id === id.export) more(exports);
      else if (moved.has(place.id)) add(moved.get(place.id)!);
      else if (place.id === id.code) {
        pieces.add(code);
        codeStart = sizeOf(pieces.finish()) - code.length;
      } else if (part !== undefined) this.other(part, pieces);
    }
    if (identity.section !== undefined) pieces.add(identity.section);
    const debug = this.debugFile(pieces);
    pieces.add(this.mapSection(codeStart + headerOf(code), map));
    return { module: pieces.finish(), debug, report: this.report(exports.count) };
  }

  /** What becomes of the function indices of a section. */
  private moverOf(section: number): (original: number) => number {
    return section === id.export || section === id.start ? this.entry : this.move;
  }

  /** The code section; what the map has of each function is written besides. */
  private code(map: ByteWriter): Uint8Array {
    const { module, options, context, additions } = this;
    const bodies = new ByteWriter();
    for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
      const code = FunctionCode.of(module, functionIndex(index));
      const signature = module.functionType(functionIndex(index));
      if (code === undefined || signature === undefined) this.fail(index);
      const body = instrumentBody(code, signature, context, options.functions?.has(index) ?? true);
      if (body.isHandled) this.instrumented++;
      if (body.isPartial) this.partial++;
      bodies.uleb(body.bytes.length).bytes(body.bytes);
      map.uleb(body.bytes.length);
      body.writeMap(map);
    }
    const added = additions.added.map((index) =>
      entryBody(
        module.functionType(functionIndex(index))!,
        additions.functionIndex(index),
        context,
        this.trapping,
      ),
    );
    if (context.tag !== undefined) added.push(TRAPPING);
    for (const body of added) bodies.uleb(body.length).bytes(body);
    const count = module.functionCount - module.importedFunctionCount + added.length;
    return standardSection(id.code, new ByteWriter().uleb(count).bytes(bodies.finish()).finish());
  }

  /** Types of the functions that are added: those of the functions that they stand before, and `trapping`'s. */
  private addedTypes(): { count: number; bytes: Uint8Array } {
    const out = new ByteWriter();
    const { added } = this.additions;
    const { plainType } = this;
    const types = added.map((index) => this.module.functionTypeIndex(functionIndex(index))!);
    if (this.context.tag !== undefined) types.push(plainType);
    for (const type of types) out.uleb(type);
    return { count: types.length, bytes: out.finish() };
  }

  /** An element segment that declares what code refers to: exports may have done so, which are of entries now. */
  private declarations(): { count: number; bytes: Uint8Array } {
    const functions = Array.from(this.referenced, this.move);
    if (this.context.tag !== undefined) functions.push(this.trapping);
    const out = new ByteWriter().bytes(DECLARED).uleb(functions.length);
    for (const index of functions) out.uleb(index);
    return functions.length > 0 ? { count: 1, bytes: out.finish() } : { count: 0, bytes: NOTHING };
  }

  /** The index of a function that does nothing but trap, behind all others. */
  private get trapping(): number {
    const { module, additions } = this;
    return additions.functionIndex(module.functionCount) + additions.added.length;
  }

  private fail(index: number): never {
    throw new FormatError(
      `Function ${index} of ${this.module.name} has no body or no type`,
      { section: "code", offset: 0 },
      "The module may be damaged.",
    );
  }

  /** Sections that stay as they are, but for names, and but for what stays with the original. */
  private other(part: ModulePart, pieces: Pieces): void {
    if (tellsPositions(part) || this.identity.replaces(part)) return;
    if (!this.keepsLink && isCustom(part, "external_debug_info")) return;
    if (!isCustom(part, "name")) {
      pieces.copy(part.start, part.end);
      return;
    }
    const contents = this.module.source.read(part.section.start, part.section.size);
    const names = attempt(() => moveNames(contents, this.additions.functionIndex));
    if (names instanceof FormatError) this.notes.push(`The names are left out: ${names.message}`);
    else pieces.add(customSection("name", new ByteWriter().bytes(names)));
  }

  /** Whether the module was split off from its debug file, which has the original's code as well. */
  private get keepsLink(): boolean {
    return this.module.externalDebugInfo !== undefined && !this.parts.some(isDwarf);
  }

  /** The original with its id, and the link to it. */
  private debugFile(pieces: Pieces): Instrumented["debug"] {
    const { parts, identity, options } = this;
    if (this.keepsLink) return undefined;
    const file = debugFileName(identity.buildId);
    const debug = new Pieces().copy(0, PREAMBLE);
    for (const part of parts) if (!identity.replaces(part)) debug.copy(part.start, part.end);
    if (identity.section !== undefined) debug.add(identity.section);
    pieces.add(customSection("external_debug_info", new ByteWriter().name(options.urlOf(file))));
    return { file, pieces: debug.finish() };
  }

  private mapSection(codeStart: number, functions: ByteWriter): Uint8Array {
    const { imported, count } = this.additions;
    const map = new ByteWriter().uleb(mapVersion).uleb(imported).uleb(count).uleb(codeStart);
    return customSection(mapSection, map.bytes(functions.finish()));
  }

  private report(exported: number): InstrumentReport {
    const { module, instrumented, partial, notes, identity, options } = this;
    return {
      tier: options.tier,
      buildId: identity.buildId,
      functions: module.functionCount - module.importedFunctionCount,
      instrumented,
      partial,
      exported,
      notes,
    };
  }
}

/** A global of i32 that is 0. */
const FLAG = Uint8Array.of(0x7f, 1, op.i32Const, 0, op.end);
const NOTHING = new Uint8Array(0);

/** Bytes from the start of the code section to the size of its first body. */
function headerOf(code: Uint8Array): number {
  let at = 1;
  for (let numbers = 0; numbers < 2; at++) if (code[at]! < 0x80) numbers++;
  return at;
}
