/**
 * The sections of a module or core dump, found in one pass over their headers alone.
 */
import { attempt, FormatError } from "../bytes/errors";
import { type FileOffset, fileOffset } from "../bytes/offsets";
import { ByteReader, decodeUtf8 } from "../bytes/reader";
import { type ByteSource, SlicedSource } from "../bytes/source";

export interface Section {
  /** Section id of the binary format; 0 = custom. */
  readonly id: number;
  /** The custom section's name, or what the specification calls the section: "type", "code", … */
  readonly name: string;
  /** Where the contents start: after id and size, and after a custom section's name. */
  readonly start: FileOffset;
  /** Bytes of the contents that are in the file. */
  readonly size: number;
}

const sectionNames = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

/** Bytes before the first section. */
const preambleSize = 8;
/** No header is longer: id, size, and the length of a custom section's name. */
const longestHeader = 1 + 10 + 10;

/**
 * Finds the sections of a file that starts with a core module's magic number and version.
 * A last section that the file's end cuts off is kept with the bytes that are there and reported.
 * @throws FormatError with advice when the file is not a core WebAssembly module
 */
export function readSections(source: ByteSource): { sections: Section[]; problems: FormatError[] } {
  checkPreamble(source);
  const sections: Section[] = [];
  const problems: FormatError[] = [];
  let at = preambleSize;
  while (at < source.size) {
    const header = attempt(() => readHeader(source, at));
    if (header instanceof FormatError) {
      problems.push(header);
      break;
    }
    sections.push(header.section);
    if (header.end > source.size) problems.push(cutOff(source, header.section, header.end));
    at = header.end;
  }
  return { sections, problems };
}

function readHeader(source: ByteSource, at: number): { section: Section; end: number } {
  const bytes = source.read(at, Math.min(longestHeader, source.size - at));
  const reader = new ByteReader(bytes, source.name, at);
  const id = reader.u8();
  const size = reader.uleb();
  const end = reader.position + size;
  let start = reader.position;
  let name = sectionNames[id] ?? `section ${id}`;
  if (id === 0) {
    const length = reader.uleb();
    const nameStart = reader.position;
    start = nameStart + length;
    if (start > end) {
      reader.fail("A custom section's name reaches past its end", "The file may be damaged.", nameStart);
    }
    name = decodeUtf8(source.read(nameStart, length));
  }
  const stop = Math.min(end, source.size);
  return { section: { id, name, start: fileOffset(start), size: stop - start }, end };
}

function cutOff(source: ByteSource, section: Section, end: number): FormatError {
  return new FormatError(
    `The section "${section.name}" should end at 0x${end.toString(16)}, the file ends at 0x${source.size.toString(16)}`,
    { section: source.name, offset: section.start },
    "The file is truncated: copy or download it again.",
  );
}

/** A section's contents as a source of their own, named after the section. */
export function sectionSource(source: ByteSource, section: Section): ByteSource {
  return new SlicedSource(section.name, source, section.start, section.size);
}

/** Signatures of what people hand over instead of a core module, and what to do then. */
const mistakes: readonly { starts: readonly number[]; is: string; advice: string }[] = [
  {
    starts: [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00],
    is: "a WebAssembly component",
    advice: "Give the core module inside it: wasm-tools component unbundle FILE --module-dir DIR",
  },
  { starts: [0x1f, 0x8b], is: "compressed with gzip", advice: "Decompress it first: gunzip FILE" },
  {
    starts: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    is: "compressed with xz",
    advice: "Decompress it first: unxz FILE",
  },
  {
    starts: [0x28, 0xb5, 0x2f, 0xfd],
    is: "compressed with zstd",
    advice: "Decompress it first: unzstd FILE",
  },
  { starts: [0x50, 0x4b, 0x03, 0x04], is: "a ZIP archive", advice: "Unpack it first." },
  {
    starts: [0x7f, 0x45, 0x4c, 0x46],
    is: "a native ELF file",
    advice: "Give the file built for WebAssembly.",
  },
  {
    starts: [0x42, 0x43, 0xc0, 0xde],
    is: "LLVM bitcode",
    advice: "Give the linked module: objects built with -flto are not WebAssembly yet.",
  },
  {
    starts: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e],
    is: "a static library",
    advice: "Give the linked module.",
  },
];

function checkPreamble(source: ByteSource): void {
  const where = { section: source.name, offset: 0 };
  if (source.size === 0) throw new FormatError(`${source.name} is empty`, where, "Give a WebAssembly file.");
  const start = source.read(0, Math.min(64, source.size));
  for (const { starts, is, advice } of mistakes) {
    if (starts.every((byte, i) => start[i] === byte)) {
      throw new FormatError(`${source.name} is ${is}`, where, advice);
    }
  }
  if (![0x00, 0x61, 0x73, 0x6d].every((byte, i) => start[i] === byte)) {
    if (decodeUtf8(start).trimStart().startsWith("(")) {
      throw new FormatError(
        `${source.name} is WebAssembly in text format`,
        where,
        "Give the binary: wasm-tools parse FILE.wat -o FILE.wasm",
      );
    }
    throw new FormatError(
      `${source.name} is not WebAssembly: it does not start with the bytes 00 61 73 6d`,
      where,
      "Give the .wasm file of the build, or a core dump.",
    );
  }
  if (start.length < preambleSize) {
    throw new FormatError(`${source.name} ends inside its header`, where, "The file is truncated.");
  }
  if (![0x01, 0x00, 0x00, 0x00].every((byte, i) => start[4 + i] === byte)) {
    const version = start[4]! | (start[5]! << 8);
    throw new FormatError(
      `${source.name} has WebAssembly binary version ${version}, only version 1 is known`,
      { section: source.name, offset: 4 },
      "A newer version of this program may read it.",
    );
  }
}
