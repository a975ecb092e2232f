/**
 * The comparison of our reading of a module with llvm-dwarfdump's: every entry, attribute and line row.
 */
import assert from "node:assert/strict";
import { codeOffset } from "../../engine/bytes/offsets";
import { ByteReader } from "../../engine/bytes/reader";
import * as constants from "../../engine/dwarf/constants";
import { attributeName, DW_AT, DW_OP, DW_TAG, operationName, tagName } from "../../engine/dwarf/constants";
import type { DwarfDebugInformation } from "../../engine/dwarf/dwarf";
import { isTombstone } from "../../engine/dwarf/encoding";
import type { DwarfEntry } from "../../engine/dwarf/entries";
import type { AttributeValue, Entry, Unit } from "../../engine/dwarf/model";
import { readOperation } from "../../engine/dwarf/operations";
import {
  type DumpedAttribute,
  type DumpedEntry,
  type DumpedLineTable,
  unescapeText,
} from "../support/dwarfdump";

const hex = (n: number): string => `0x${n.toString(16)}`;

/** Walks all units and asserts that each entry is the dump's next one. */
export function compareEntries(
  info: DwarfDebugInformation,
  dumped: readonly DumpedEntry[],
  typesStart: number,
) {
  let next = 0;
  const walk = (entry: DwarfEntry, parent: DwarfEntry | undefined, depth: number): void => {
    const expected = dumped[next++];
    assert.ok(expected, `${hex(entry.offset)} is not in the dump`);
    const shift = expected.section === ".debug_types" ? typesStart : 0;
    const where = `${expected.section} ${hex(expected.offset)}`;
    assert.equal(entry.offset, expected.offset + shift, where);
    assert.equal(depth, expected.depth, `${where}: depth`);
    assert.equal(tagName(entry.tag), expected.tag, where);
    assert.deepEqual(
      entry.ownAttributes.map((at) => comparableName(attributeName(at))),
      expected.attributes.map((attribute) => comparableName(attribute.name)),
      where,
    );
    assert.equal(entry.parent?.offset, parent?.offset, `${where}: parent`);
    for (const attribute of expected.attributes) compareAttribute(entry, attribute, shift, where);
    for (const child of entry.children()) walk(child, entry, depth + 1);
  };
  for (const unit of info.units()) walk(unit.root, undefined, 0);
  assert.equal(next, dumped.length, "entries in all");
}

/** Attributes that only one of the two has a name for are compared by position. */
const comparableName = (name: string): string => (/unknown|0x/.test(name) ? "?" : name);

function compareAttribute(entry: DwarfEntry, expected: DumpedAttribute, shift: number, where: string): void {
  const at = (DW_AT as Record<string, number>)[expected.name.replace("DW_AT_", "")];
  if (at === undefined) return;
  const value = entry.own(at);
  const what = `${where} ${expected.name}`;
  assert.ok(value, what);
  if (at === DW_AT.ranges) compareRanges(entry, expected, what);
  else if (at === DW_AT.decl_file || at === DW_AT.call_file) compareFile(entry, value, expected, what);
  else if (at === DW_AT.high_pc) {
    const high =
      value.kind === "address" ? value.value : entry.address(DW_AT.low_pc)! + Number(constantOf(value));
    const dead = isTombstone(entry.address(DW_AT.low_pc)!, entry.unit.addressSize);
    if (!dead) assert.equal(high, Number(expected.value), what);
  } else compareValue(entry, at, value, expected, shift, what);
}

function compareValue(
  entry: DwarfEntry,
  at: number,
  value: AttributeValue,
  expected: DumpedAttribute,
  shift: number,
  what: string,
): void {
  const text = expected.value;
  switch (value.kind) {
    case "string":
      assert.equal(value.value, unescapeText(text.slice(1, -1)), what);
      break;
    case "flag":
      assert.equal(value.value, text === "true" || text === "0x01", what);
      break;
    case "reference":
      assert.equal(hex(value.offset - shift), hex(Number(text.split(" ")[0])), what);
      break;
    case "signature":
      assert.equal(value.value, BigInt(text.split(" ")[0]!), what);
      break;
    case "address":
      if (text === "dead code") assert.ok(isTombstone(value.value, entry.unit.addressSize), what);
      else assert.equal(hex(value.value), hex(Number(text.split(" ").at(-1))), what);
      break;
    case "constant":
      // Before DWARF 4, a list's offset has a constant's form.
      assert.equal(value.value, constantFrom(text.replace(/:.*$/, ""), value), what);
      for (const range of expected.ranges) compareLocation(entry, at, range, what);
      break;
    case "exprloc":
      compareOperations(entry, value.bytes, text, what);
      break;
    case "block":
      if (text.startsWith("<"))
        assert.equal(
          Buffer.from(value.bytes).toString("hex"),
          text.slice(text.indexOf(">") + 1).replaceAll(" ", ""),
          what,
        );
      break;
    case "section-offset": {
      const number = /0x[0-9a-f]+(?=[^0-9a-f]*$)/.exec(text.replace(/:.*$/, ""));
      assert.equal(hex(value.offset), hex(Number(number?.[0])), what);
      for (const range of expected.ranges) compareLocation(entry, at, range, what);
    }
  }
}

function constantOf(value: AttributeValue): bigint {
  assert.equal(value.kind, "constant");
  return value.kind === "constant" ? value.value : 0n;
}

/** A constant as the dump writes it: decimal, hexadecimal, or by the name in one of DWARF's tables. */
function constantFrom(text: string, value: AttributeValue & { kind: "constant" }): bigint {
  const named = /^(DW_[A-Z]+)_(\w+)$/.exec(text);
  if (named !== null) {
    const table = (constants as unknown as Record<string, Record<string, number>>)[named[1]!];
    return BigInt(table?.[named[2]!] ?? -1);
  }
  const number = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  // The dump shows some unsigned forms with a sign.
  return !value.signed && value.size !== undefined ? BigInt.asUintN(8 * value.size, number) : number;
}

function compareFile(
  entry: DwarfEntry,
  value: AttributeValue,
  expected: DumpedAttribute,
  what: string,
): void {
  const path = entry.unit.lines?.file(Number(constantOf(value)))?.path;
  if (expected.value.startsWith('"')) assert.equal(path, unescapeText(expected.value.slice(1, -1)), what);
}

function compareRanges(entry: DwarfEntry, expected: DumpedAttribute, what: string): void {
  const { addressSize } = entry.unit;
  const sound = expected.ranges.filter(
    ({ low, high }) => low < high && low !== 0 && !isTombstone(low, addressSize),
  );
  assert.deepEqual(
    entry.ranges().map(({ low, high }) => [low, high]),
    sound.map(({ low, high }) => [low, high]),
    what,
  );
}

/** Whether the function around an entry is not in the module. */
function isDiscarded(entry: Entry): boolean {
  for (let owner: Entry | undefined = entry; owner !== undefined; owner = owner.parent)
    if (owner.tag === DW_TAG.subprogram) return owner.ranges().length === 0;
  return false;
}

function compareLocation(
  entry: DwarfEntry,
  at: number,
  expected: { low: number; high: number; text: string },
  what: string,
): void {
  // The dump adds offsets to a tombstone as if it were an address; we leave such code out.
  if (expected.low >= expected.high || isDiscarded(entry)) return;
  for (const pc of [expected.low, expected.high - 1]) {
    const found = entry.location(at, codeOffset(pc));
    const range = `${what} at ${hex(pc)}`;
    assert.ok(found instanceof Uint8Array, range);
    compareOperations(entry, found, expected.text, range);
  }
}

/** Compares the operations, of expressions within expressions as well; the dump gives some up in the middle. */
function compareOperations(entry: DwarfEntry, expression: Uint8Array, text: string, what: string): void {
  const ours = operationsOf(expression, entry.unit);
  const [sound = "", undecoded] = text.split("<decoding error>");
  const theirs = sound.match(/DW_OP_\w+/g) ?? [];
  const known = undecoded === undefined ? ours : ours.slice(0, theirs.length);
  assert.equal(known.join(" "), theirs.join(" "), what);
}

function operationsOf(expression: Uint8Array, unit: Unit): string[] {
  const reader = new ByteReader(expression, "expression");
  const names: string[] = [];
  while (!reader.atEnd) {
    const { opcode, block } = readOperation(reader, unit);
    names.push(operationName(opcode));
    if (opcode === DW_OP.entry_value || opcode === DW_OP.GNU_entry_value)
      names.push(...operationsOf(block!, unit));
  }
  return names;
}

/** Compares the rows of every unit's line table, file names included. */
export function compareLines(info: DwarfDebugInformation, dumped: ReadonlyMap<number, DumpedLineTable>) {
  const seen = new Set<number>();
  for (const unit of info.units()) {
    const offset = unit.root.sectionOffset(DW_AT.stmt_list);
    if (offset === undefined || seen.has(offset)) continue;
    seen.add(offset);
    const expected = dumped.get(offset);
    const where = `.debug_line ${hex(offset)}`;
    assert.ok(expected && unit.lines, where);
    const lines = unit.lines;
    assert.equal(lines.files.length, expected.fileNames.length, `${where}: files`);
    const firstFile = expected.version >= 5 ? 0 : 1;
    for (const [index, name] of expected.fileNames.entries()) {
      const path = lines.file(firstFile + index)?.path ?? "";
      assert.ok(path.endsWith(name), `${where}: ${path} is ${name}`);
    }
    assert.deepEqual(
      lines
        .rowsIn({ low: codeOffset(0), high: codeOffset(2 ** 32) })
        .map((row) => rowText(row, lines.files.indexOf(row.file!) + firstFile)),
      soundRows(expected).map((row) => rowText(row, row.file)),
      where,
    );
  }
  return seen.size;
}

const rowText = (
  row: { address: number; line: number; column: number; isStatement: boolean },
  file: number,
): string => `${hex(row.address)} ${file}:${row.line}:${row.column} ${row.isStatement}`;

/** The dump's rows without those of discarded code and without ends, in order of their sequences' starts. */
function soundRows(table: DumpedLineTable) {
  const sequences: DumpedLineTable["rows"][] = [];
  let sequence: DumpedLineTable["rows"] = [];
  for (const row of table.rows) {
    if (!row.endSequence) {
      sequence.push(row);
      continue;
    }
    const first = sequence[0]?.address ?? 0;
    if (first !== 0 && first < 0xfffffffe && row.address > first) sequences.push(sequence);
    sequence = [];
  }
  return sequences.sort((a, b) => a[0]!.address - b[0]!.address).flat();
}
