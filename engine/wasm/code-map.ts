/**
 * The way from an instrumented module's code back to the original's, as the module carries it (code-map-format.ts): for
 * dumps and stack traces that know nothing of the original.
 */
import { once } from "../bytes/errors";
import { type BodyOffset, bodyOffset, type FunctionIndex, functionIndex } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import { mapSection, mapVersion } from "./code-map-format";
import type { WasmModule } from "./module";
import { readCount } from "./types";

type Run = readonly [copied: number, inserted: number];

export class CodeMap {
  /** The map of an instrumented module; undefined for another module. */
  static of(module: WasmModule): CodeMap | undefined {
    return module.customSection(mapSection) === undefined ? undefined : new CodeMap(module);
  }

  private constructor(private readonly module: WasmModule) {}

  private readonly read = once(() => {
    const source = this.module.customSection(mapSection)!;
    const reader = new ByteReader(source.read(0, source.size), mapSection);
    const version = reader.uleb();
    if (version !== mapVersion)
      reader.fail(
        `A map of version ${version} is not known`,
        "A newer version of this program may read it.",
        0,
      );
    const imported = reader.uleb();
    const added = reader.uleb();
    reader.uleb(); // where the code is: the module tells
    const functions: Run[][] = [];
    while (!reader.atEnd) {
      reader.uleb();
      functions.push(list(reader, () => [reader.uleb(), reader.uleb()] as const));
      list(reader, () => reader.uleb());
      list(reader, () => [reader.uleb(), list(reader, () => reader.uleb())]);
    }
    return { imported, added, functions };
  });

  /** A function's index in the original. @throws FormatError when the map is malformed */
  functionIndex(index: FunctionIndex): FunctionIndex {
    const { imported, added } = this.read();
    return index < imported ? index : functionIndex(index - added);
  }

  /** A position in the original: of what was put in, that of the instruction behind it. @throws FormatError as above */
  offset(index: FunctionIndex, offset: BodyOffset): BodyOffset {
    const { imported, added, functions } = this.read();
    let left: number = offset;
    let original = 0;
    for (const [copied, inserted] of functions[index - added - imported] ?? []) {
      if (left < copied) break;
      original += copied;
      left = Math.max(0, left - copied - inserted);
    }
    return bodyOffset(original + left);
  }
}

function list<T>(reader: ByteReader, read: () => T): T[] {
  const items: T[] = [];
  for (let left = readCount(reader, "items"); left > 0; left--) items.push(read());
  return items;
}
