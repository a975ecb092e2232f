/** Builds small Wasm modules for tests: sections from parts, and one sample module that most tests read. */
import { ByteWriter } from "../../../engine/bytes/writer";

type Part = ByteWriter | ArrayLike<number>;

const bytesOf = (part: Part): ArrayLike<number> => (part instanceof ByteWriter ? part.finish() : part);

/** Magic number, version, then the sections. */
export function moduleOf(...sections: Part[]): Uint8Array {
  const out = new ByteWriter().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const section of sections) out.bytes(bytesOf(section));
  return out.finish().slice();
}

export function section(id: number, contents: Part): ByteWriter {
  const bytes = bytesOf(contents);
  return new ByteWriter().u8(id).uleb(bytes.length).bytes(bytes);
}

/** A section whose contents are a vector. */
export function vectorSection(id: number, ...items: Part[]): ByteWriter {
  return section(id, vector(...items));
}

export function custom(name: string, contents: Part): ByteWriter {
  return section(0, new ByteWriter().name(name).bytes(bytesOf(contents)));
}

export function vector(...items: Part[]): ByteWriter {
  const out = new ByteWriter().uleb(items.length);
  for (const item of items) out.bytes(bytesOf(item));
  return out;
}

/** A function body with its size in front; `code` holds the declarations of locals too. */
export function body(...code: number[]): ByteWriter {
  return new ByteWriter().uleb(code.length).bytes(code);
}

export function nameMap(names: Readonly<Record<number, string>>): ByteWriter {
  return vector(
    ...Object.entries(names).map(([index, name]) => new ByteWriter().uleb(Number(index)).name(name)),
  );
}

export function subsection(id: number, contents: Part): ByteWriter {
  return section(id, contents);
}

export const sampleBuildId = "00112233445566778899aabbccddeeff";

const i32 = 0x7f;
const end = 0x0b;

/** Function 0 is imported; 1 = add(a, b) with a local sum; 2 = nothing; 3 = sub. */
export const sampleSections = {
  types: vectorSection(1, [0x60, 0, 0], [0x60, 2, i32, i32, 1, i32]),
  imports: vectorSection(
    2,
    new ByteWriter().name("env").name("log").u8(0).uleb(0),
    new ByteWriter().name("env").name("base").u8(3).u8(i32).u8(0),
  ),
  functions: vectorSection(3, [1], [0], [1]),
  tables: vectorSection(4, [0x70, 0x00, 6]),
  memories: vectorSection(5, [0x01, 1, 4]),
  globals: vectorSection(
    6,
    [i32, 1, 0x41, 0x80, 0x80, 0x04, end],
    [i32, 0, 0x41, 8, end],
    [i32, 0, 0x23, 0, end],
  ),
  exports: vectorSection(
    7,
    new ByteWriter().name("plus").u8(0).uleb(1),
    new ByteWriter().name("memory").u8(2).uleb(0),
  ),
  elements: vectorSection(9, [0x00, 0x41, 1, end, 2, 1, 3]),
  code: vectorSection(
    10,
    body(1, 1, i32, 0x20, 0, 0x20, 1, 0x6a, 0x22, 2, end),
    body(0, end),
    body(0, 0x20, 0, 0x20, 1, 0x6b, end),
  ),
  names: custom(
    "name",
    new ByteWriter()
      .bytes(subsection(0, new ByteWriter().name("sample")).finish())
      .bytes(subsection(1, nameMap({ 0: "log", 1: "add", 3: "a b" })).finish())
      .bytes(
        subsection(
          2,
          vector(
            new ByteWriter().uleb(1).bytes(nameMap({ 0: "a", 2: "sum" }).finish()),
            new ByteWriter().uleb(3).bytes(nameMap({ 1: "right" }).finish()),
          ),
        ).finish(),
      )
      .bytes(subsection(7, nameMap({ 1: "__stack_pointer" })).finish()),
  ),
  buildId: custom(
    "build_id",
    new ByteWriter().uleb(16).bytes(sampleBuildId.match(/../g)!.map((hex) => Number.parseInt(hex, 16))),
  ),
};

export function sampleModule(): Uint8Array {
  return moduleOf(...Object.values(sampleSections));
}

/** Whether V8's validator accepts a module. */
export function isValid(bytes: Uint8Array): boolean {
  try {
    new WebAssembly.Module(bytes);
    return true;
  } catch {
    return false;
  }
}
