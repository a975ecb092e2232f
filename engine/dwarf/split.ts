/**
 * Split units (DWARF 5 §3.1.2 and §3.1.3; GNU DebugFission before it): the module keeps a skeleton of a unit,
 * with its code, lines and addresses, and the unit's entries lie in a file of their own (.dwo), or with others
 * in a package (.dwp). The two belong together when they have the same id.
 */
import { attempt, FormatError, type Where } from "../bytes/errors";
import { DW_AT } from "./constants";
import type { Entry } from "./model";
import type { DwarfSections } from "./sections";

/** What a skeleton says of its other half. */
export interface SplitReference {
  /** DW_AT_dwo_name: a path, relative to `directory` unless absolute. */
  readonly name: string;
  /** DW_AT_comp_dir. */
  readonly directory: string | undefined;
}

/** A file that may have split units. */
export interface SplitFile {
  readonly path: string;
  /** @throws FormatError when the file is no container of sections */
  sections(): DwarfSections;
}

/** Finds files; the engine does no I/O, so its host does. */
export interface SplitFiles {
  /** Files that may have the unit, likeliest first; the next one is asked for when the last had it not. */
  candidates(reference: SplitReference): Iterable<SplitFile>;
}

/** What is asked of a unit that may be a skeleton. */
export interface Skeleton {
  readonly root: Entry;
  readonly compilationDirectory: string | undefined;
  /** What a skeleton and its split unit share. */
  readonly dwoId: bigint | undefined;
  /** Where a fault at `offset` is, for messages. */
  placeOf(offset: number): Where;
}

/** Split units that are open, of one file. */
export interface SplitInformation<SplitUnit> {
  /** The compile unit of this id. */
  unitById(id: bigint): SplitUnit | undefined;
  /** Whether there is any unit. */
  readonly isEmpty: boolean;
}

/** What a unit that is a skeleton refers to; undefined for any other. */
export function splitReferenceOf(unit: Skeleton): SplitReference | undefined {
  const { root } = unit;
  const name = root.string(DW_AT.dwo_name) ?? root.string(DW_AT.GNU_dwo_name);
  return name === undefined ? undefined : { name, directory: unit.compilationDirectory };
}

/**
 * The other half of a skeleton.
 * @param open opens a file's units, or gives those that are open
 * @throws FormatError that says which file was not found, or is of another build
 */
export function findSplitUnit<SplitUnit>(
  skeleton: Skeleton,
  reference: SplitReference,
  files: SplitFiles | undefined,
  open: (file: SplitFile) => SplitInformation<SplitUnit>,
): SplitUnit {
  const { dwoId } = skeleton;
  const others: string[] = [];
  for (const file of files?.candidates(reference) ?? []) {
    const found = attempt(() => {
      const units = open(file);
      if (!units.isEmpty) others.push(file.path);
      return dwoId === undefined ? undefined : units.unitById(dwoId);
    });
    if (found instanceof FormatError) others.push(file.path);
    else if (found !== undefined) return found;
  }
  const place = skeleton.placeOf(skeleton.root.offset);
  if (others.length === 0) {
    throw new FormatError(
      `The file ${reference.name} with the rest of a unit's debug information was not found`,
      place,
      "Its functions have lines, but no names of their own and no variables. Put the file, or the .dwp, beside the module",
    );
  }
  throw new FormatError(
    `The rest of a unit's debug information, ${reference.name}, is not in ${others.join(" nor in ")}`,
    place,
    "These are of another build: give the files that were made with the module",
  );
}
