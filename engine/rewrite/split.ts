/**
 * Splits a module in two: the one to ship, without debug information, and the debug file, which is found again by the
 * build id that both carry.
 *
 * The debug file is the module as it was, and the id: whatever a debugger asks of a module (code, declarations, names,
 * initial data) the file answers by itself, and every offset in it is the old one. The module to ship loses the sections
 * with debug information alone; the bytes of all others stay as they are, in their order.
 */
import { FormatError } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";
import { ByteWriter } from "../bytes/writer";
import { WasmModule } from "../wasm/module";
import { type Digest, debugFileName, identify } from "./build-id";
import {
  customSection,
  isCustom,
  isDwarf,
  type ModulePart,
  PREAMBLE,
  partsOf,
  refuseObjectFile,
} from "./module-parts";
import { type Piece, Pieces } from "./pieces";

export interface SplitOptions {
  /** Whether function names are debug information too. */
  readonly stripNames: boolean;
  /** A new SHA-1, for a module without a build id. */
  sha1(): Digest;
  /** Where the module to ship will say that the debug file is: a path or URL. */
  urlOf(debugFile: string): string;
}

export type Split =
  | {
      readonly state: "split";
      /** Lower-case hex. */
      readonly buildId: string;
      /** The debug file's name: `debug-<build id>.wasm`. */
      readonly debugFile: string;
      readonly module: readonly Piece[];
      readonly debug: readonly Piece[];
    }
  /** There is nothing left to move: the module stays as it is. */
  | {
      readonly state: "already split";
      readonly buildId: string | undefined;
      /** What the module says of where its debug information is. */
      readonly debugFile: string;
    };

/**
 * What a module becomes, as pieces of its file (pieces.ts).
 * @throws FormatError when the source is no sound module, or has nothing to split off
 */
export function split(source: ByteSource, options: SplitOptions): Split {
  const module = WasmModule.open(source);
  const parts = partsOf(module);
  refuseObjectFile(module, parts, "Split");
  const moved = parts.filter((part) => isDwarf(part) || (options.stripNames && isCustom(part, "name")));
  const former = module.externalDebugInfo;
  if (former !== undefined && !moved.some(isDwarf)) {
    if (moved.length > 0) refuseLateNames(module, moved[0]!, former);
    return { state: "already split", buildId: module.buildId, debugFile: former };
  }
  if (moved.length === 0) refuseBare(module, options);

  const identity = identify(module, source, options.sha1);
  const debugFile = debugFileName(identity.buildId);
  const link = customSection("external_debug_info", new ByteWriter().name(options.urlOf(debugFile)));
  /** Everything but these, and what is said of the build. */
  const without = (isLeftOut: (part: ModulePart) => boolean): Pieces => {
    const pieces = new Pieces().copy(0, PREAMBLE);
    for (const part of parts) {
      const isReplaced = isCustom(part, "external_debug_info") || identity.replaces(part);
      if (!isReplaced && !isLeftOut(part)) pieces.copy(part.start, part.end);
    }
    return identity.section === undefined ? pieces : pieces.add(identity.section);
  };
  return {
    state: "split",
    buildId: identity.buildId,
    debugFile,
    module: without((part) => moved.includes(part))
      .add(link)
      .finish(),
    debug: without(() => false).finish(),
  };
}

function refuseLateNames(module: WasmModule, names: ModulePart, former: string): never {
  throw new FormatError(
    `The debug information of ${module.name} was split off before, into ${former}, and its names would be lost`,
    { section: module.name, offset: names.start },
    "Split the original module, with --strip-names.",
  );
}

function refuseBare(module: WasmModule, { stripNames }: SplitOptions): never {
  throw new FormatError(
    `${module.name} has no debug information${stripNames ? " and no names" : " (sections .debug_*)"} to split off`,
    { section: module.name, offset: 0 },
    "Build it with debug information: -g, debug = true.",
  );
}
