/**
 * Function indices outside of the code. Imports that are added stand behind the module's own, and move every function
 * that the module defines: whatever names one is written anew (binary format, "Modules"; appendix, "Name Section").
 */
import { ByteReader } from "../../bytes/reader";
import { ByteWriter } from "../../bytes/writer";
import { readGlobalType, readReferenceType, readTableType } from "../../wasm/types";
import { op } from "./code";
import { CodeCursor } from "./cursor";
import { Edits, uleb } from "./edits";

/** Where a function is now. */
export type MoveFunction = (original: number) => number;

/** The contents of a section of this id with its function indices moved. @throws FormatError when it is malformed */
export function moveFunctions(id: number, contents: Uint8Array, move: MoveFunction): Uint8Array {
  const editor = new IndexEditor(contents, move);
  switch (id) {
    case 4:
      editor.each(() => editor.table());
      break;
    case 6:
      editor.each(() => {
        readGlobalType(editor.reader);
        editor.expression();
      });
      break;
    case 7:
      editor.each(() => {
        editor.reader.skip(editor.reader.uleb());
        if (editor.reader.u8() === 0) editor.index();
        else editor.reader.uleb();
      });
      break;
    case 8:
      editor.index();
      break;
    case 9:
      editor.each(() => editor.elements());
      break;
  }
  return editor.bytes;
}

/** The sections that may name functions, besides the code. */
export const namesFunctions = (id: number): boolean => id === 4 || (id >= 6 && id <= 9);

class IndexEditor {
  readonly reader: ByteReader;
  private readonly edits: Edits;

  constructor(
    private readonly contents: Uint8Array,
    private readonly move: MoveFunction,
  ) {
    this.reader = new ByteReader(contents, "section");
    this.edits = new Edits(contents);
  }

  get bytes(): Uint8Array {
    return this.edits.count === 0 ? this.contents : this.edits.bytes;
  }

  each(item: () => void): void {
    for (let left = this.reader.uleb(); left > 0; left--) item();
  }

  index(): void {
    const start = this.reader.position;
    const index = this.reader.uleb();
    const moved = this.move(index);
    if (moved !== index)
      this.edits.replace(start, this.reader.position - start, uleb(moved, this.reader.position - start));
  }

  /** A constant expression. */
  expression(): void {
    const cursor = new CodeCursor(this.contents, this.reader.position, this.reader.section);
    while (cursor.next() && cursor.opcode.code !== op.end) {
      if (cursor.opcode.code !== op.refFunc) continue;
      this.reader.position = cursor.immediates;
      this.index();
    }
    this.reader.position = cursor.at;
  }

  table(): void {
    const start = this.reader.position;
    if (this.reader.u8() !== 0x40) {
      this.reader.position = start;
      readTableType(this.reader);
      return;
    }
    this.reader.u8(); // reserved
    readTableType(this.reader);
    this.expression();
  }

  /** An element segment. */
  elements(): void {
    const { reader } = this;
    const flags = reader.uleb();
    const isActive = (flags & 1) === 0;
    if (isActive) {
      if (flags & 2) reader.uleb();
      this.expression();
    }
    const hasExpressions = (flags & 4) !== 0;
    if (flags & 3) {
      if (hasExpressions) readReferenceType(reader);
      else reader.u8(); // element kind
    }
    this.each(() => (hasExpressions ? this.expression() : this.index()));
  }
}

/** Subsections of the name section whose indices are functions: their names, their locals' and labels'. */
const functionNames = 1;
const indirectNames: readonly number[] = [2, 3];

/** The name section with its functions moved. @throws FormatError when it is malformed */
export function moveNames(contents: Uint8Array, move: MoveFunction): Uint8Array {
  const out = new ByteWriter();
  const reader = new ByteReader(contents, "name");
  while (!reader.atEnd) {
    const id = reader.u8();
    const subsection = reader.take(reader.uleb());
    const moved =
      id === functionNames || indirectNames.includes(id) ? moveMap(subsection, id, move) : subsection;
    out.u8(id).uleb(moved.length).bytes(moved);
  }
  return out.finish();
}

function moveMap(subsection: Uint8Array, id: number, move: MoveFunction): Uint8Array {
  const editor = new IndexEditor(subsection, move);
  const name = () => editor.reader.skip(editor.reader.uleb());
  editor.each(() => {
    editor.index();
    if (id === functionNames) name();
    else
      editor.each(() => {
        editor.reader.uleb();
        name();
      });
  });
  return editor.bytes;
}
