/**
 * What GCC describes and no compiler for Wasm does, in GCC's own bytes: arguments at entry by the caller's call sites,
 * pointers to what is no object any more, typed arithmetic, types that dwz moved to partial units. The values are those
 * of test/dwarf/modules/gcc/one.c; registers of that machine are none of Wasm's.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type CodeOffset, codeOffset } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { DW_AT, DW_TAG } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { Machine } from "../../engine/dwarf/machine";
import type { MissingReason } from "../../engine/dwarf/missing";
import type { DebugInformation, Entry } from "../../engine/dwarf/model";
import { dwarfSectionsOf } from "../../engine/dwarf/sections";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { WasmModule } from "../../engine/wasm/module";
import { dwarfModules } from "../dwarf/modules";
import { machineOf } from "./frame";

class Program {
  readonly debug: DebugInformation;

  constructor(bytes: Uint8Array) {
    this.debug = openDebugInformation(dwarfSectionsOf(WasmModule.open(new MemorySource("module", bytes))));
  }

  /** The entry of a function that has code of its own. */
  private subprogram(name: string): Entry {
    for (const unit of this.debug.units())
      for (const entry of unit.root.children())
        if (entry.tag === DW_TAG.subprogram && entry.name === name && entry.ranges().length > 0) return entry;
    throw new Error(`no function ${name}`);
  }

  /** Within the call instructions by which one function calls another, in the order of the code. */
  calls(caller: string, callee: string): CodeOffset[] {
    const found: number[] = [];
    for (const entry of within(this.subprogram(caller))) {
      if (entry.tag !== DW_TAG.call_site && entry.tag !== DW_TAG.GNU_call_site) continue;
      const origin = entry.reference(DW_AT.call_origin) ?? entry.reference(DW_AT.abstract_origin);
      const behind = entry.address(DW_AT.call_return_pc) ?? entry.address(DW_AT.low_pc);
      if (origin?.name === callee) found.push(behind! - 1);
    }
    return found.sort((a, b) => a - b).map((pc) => codeOffset(pc));
  }

  /** A variable of a function that stands at `pc`, and was called from `from`. */
  value(name: string, pc: CodeOffset, from?: CodeOffset): Value {
    const subprogram = this.debug.unitAt(pc)?.subprogramAt(pc);
    const entry = subprogram && within(subprogram).find((inner) => inner.name === name);
    assert.ok(entry, name);
    const machine = (at: CodeOffset, caller?: Machine): Machine => ({
      ...machineOf(),
      pc: at,
      addressSize: 8,
      caller: () => caller,
    });
    const called = from === undefined ? undefined : machine(from);
    return variableValue(entry, { machine: machine(pc, called), subprogram, pc, debug: this.debug });
  }
}

function within(entry: Entry): Entry[] {
  return [...entry.children()].flatMap((child) => [child, ...within(child)]);
}

function lacks(value: Value, reason: MissingReason): void {
  assert.equal(value.missing?.reason, reason, value.text());
}

for (const { name, bytes } of dwarfModules.filter((module) => module.name.startsWith("gcc")))
  describe(`What GCC describes (${name})`, () => {
    const program = new Program(bytes());
    const [inScale] = program.calls("scale", "touch");
    const [inShare] = program.calls("share", "touch");
    const [first, second] = program.calls("measure", "scale");
    const [sharing] = program.calls("measure", "share");
    const [inNorm] = program.calls("measure", "touch");

    it("arguments that no register has any more, by what their caller passed", () => {
      assert.equal(program.value("value", inScale!, first).text(), "42");
      assert.equal(program.value("by", inScale!, first).text(), "-7");
      assert.equal(program.value("by", inScale!, second).text(), "6");
      assert.equal(program.value("part", inShare!, sharing).text(), "-9");
      assert.equal(program.value("whole", inShare!, sharing).text(), "300");
    });

    it("what was to be computed from them, in its own type", () => {
      const value = (variable: string) => program.value(variable, inShare!, sharing).text();
      assert.equal(value("ratio"), "-1.125");
      assert.equal(value("rounded"), "300");
      assert.equal(value("wide"), "4294967287");
      assert.equal(value("narrow"), "44 ','");
    });

    it("nothing where the caller passed what it did not keep, is not known, or has called something else", () => {
      lacks(program.value("value", inScale!, second), "entry-value-unknown");
      lacks(program.value("value", inScale!), "no-caller");
      lacks(program.value("value", inScale!, sharing), "entry-value-unknown");
      lacks(program.value("ratio", inShare!), "no-caller");
    });

    it("what a pointer points at that no memory holds", () => {
      assert.equal(program.value("here", inNorm!).text(), "{x: 3, y: 4}");
      const place = program.value("place", inNorm!);
      assert.equal(place.text(), "→ {x: 3, y: 4}");
      assert.deepEqual(
        place.children?.named().map((child) => `${child.name} ${child.value.text()}`),
        ["x 3", "y 4"],
      );
    });

    it("nothing of what lies in another machine's registers", () => {
      lacks(program.value("operation", inNorm!), "unsupported-operation");
      lacks(program.value("line", inNorm!), "unsupported-operation");
    });
  });
