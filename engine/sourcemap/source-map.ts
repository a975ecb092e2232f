/**
 * A source map of a Wasm module (ECMA-426, "Source map format"; custom section `sourceMappingURL`): which source
 * line each instruction came from. All of a module is one generated line, and its columns are bytes from the start
 * of the module's file. AssemblyScript writes one, and Emscripten with `-gsource-map`.
 *
 * Nothing is parsed before a position is asked for. What is malformed is kept as `problem`, and gives no positions.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { FileOffset } from "../bytes/offsets";
import type { SourceFile } from "../dwarf/model";
import { VlqReader } from "./vlq";

/** Where the code at an offset came from. */
export interface SourcePosition {
  readonly file: SourceFile;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** Mappings in parallel rows, ascending by offset; `source` is −1 for code that came from nowhere. */
interface Mappings {
  readonly offsets: readonly number[];
  readonly sources: readonly number[];
  readonly lines: readonly number[];
  readonly columns: readonly number[];
}

interface Parsed {
  readonly files: readonly SourceFile[];
  readonly mappings: Mappings;
}

export class SourceMap {
  private parsed: Parsed | FormatError | undefined;

  /** @param path where the map was found, for people */
  constructor(
    readonly path: string,
    private readonly text: string,
  ) {}

  /** What is wrong with the map, once it was used. */
  get problem(): FormatError | undefined {
    return this.parsed instanceof FormatError ? this.parsed : undefined;
  }

  /** The sources that it names, in its order. */
  get files(): readonly SourceFile[] {
    return this.contents?.files ?? [];
  }

  /**
   * Where the code at `at` came from: what the last mapping at or before it says, unless that one is before `from`.
   * @param from where the function starts that `at` is in: its code never came from what is in front of it
   */
  positionAt(at: FileOffset, from: FileOffset): SourcePosition | undefined {
    const contents = this.contents;
    if (contents === undefined) return undefined;
    const { offsets, sources, lines, columns } = contents.mappings;
    const row = lastNotAfter(offsets, at);
    if (row < 0 || offsets[row]! < from) return undefined;
    const file = contents.files[sources[row]!];
    return file && { file, line: lines[row]! + 1, column: columns[row]! + 1 };
  }

  private get contents(): Parsed | undefined {
    this.parsed ??= attempt(() => parse(this.path, this.text));
    return this.parsed instanceof FormatError ? undefined : this.parsed;
  }
}

function parse(path: string, text: string): Parsed {
  const fail = (problem: string, offset = 0): never => {
    throw new FormatError(problem, { section: path, offset }, "Build the module and its source map again.");
  };
  const map = jsonObject(text) ?? fail("The source map is no JSON object");
  if (map["version"] !== 3)
    fail(`A source map of version ${JSON.stringify(map["version"])} is not supported`);
  const { sources, sourcesContent, sourceRoot, mappings } = map;
  if (!Array.isArray(sources) || typeof mappings !== "string")
    return fail("The source map has no sources or no mappings");
  const contents: readonly unknown[] = Array.isArray(sourcesContent) ? sourcesContent : [];
  const root = typeof sourceRoot === "string" ? sourceRoot : "";
  const files = sources.map((source: unknown, index): SourceFile => {
    const content = contents[index];
    return {
      path: typeof source === "string" ? joined(root, source) : "",
      md5: undefined,
      source: typeof content === "string" ? content : undefined,
    };
  });
  return { files, mappings: readMappings(mappings, files.length, fail) };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A source under the root; `.` is no folder. */
function joined(root: string, source: string): string {
  const folder = root === "" || /^(\/|[A-Za-z]:[\\/]|[a-z]+:)/.test(source) ? "" : root.replace(/\/?$/, "/");
  return (folder + source).replace(/^(\.\/)+/, "");
}

/** Mappings of the first generated line, which is the whole module; each number is relative to the last of its kind. */
function readMappings(
  text: string,
  files: number,
  fail: (problem: string, offset: number) => never,
): Mappings {
  const reader = new VlqReader(text);
  const rows = {
    offsets: [] as number[],
    sources: [] as number[],
    lines: [] as number[],
    columns: [] as number[],
  };
  let [offset, source, line, column] = [0, 0, 0, 0];
  while (!reader.atEnd && reader.next !== ";") {
    if (reader.next === ",") {
      reader.position++;
      continue;
    }
    const numbers = segment(reader, fail);
    const [step, ...rest] = numbers;
    offset += step!;
    if (step! < 0 || offset < 0) fail("The mappings are not in the order of the code", reader.position);
    if (rest.length > 0) {
      source += rest[0]!;
      line += rest[1]!;
      column += rest[2]!;
      if (source < 0 || source >= files || line < 0 || column < 0)
        fail(`A mapping is to source ${source}, line ${line}, column ${column}`, reader.position);
    }
    rows.offsets.push(offset);
    rows.sources.push(rest.length > 0 ? source : -1);
    rows.lines.push(line);
    rows.columns.push(column);
  }
  return rows;
}

/** Offset; source, line and column; the name's index. */
function segment(reader: VlqReader, fail: (problem: string, offset: number) => never): readonly number[] {
  const numbers: number[] = [];
  while (!reader.atEnd && reader.next !== "," && reader.next !== ";") {
    const number = reader.number();
    if (number === undefined) return fail("The mappings are no base64 VLQ", reader.position);
    if (numbers.push(number) > 5) return fail("A mapping has more than five numbers", reader.position);
  }
  if (numbers.length !== 1 && numbers.length < 4)
    return fail(`A mapping has ${numbers.length} numbers`, reader.position);
  return numbers;
}

/** The last row whose offset is not after `at`; −1 when all are. */
function lastNotAfter(offsets: readonly number[], at: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
