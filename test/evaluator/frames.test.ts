/** Operations that ask for more than numbers: other entries, the calling frame, the frame base, the Wasm machine. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { address, codeOffset } from "../../engine/bytes/offsets";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_AT, DW_ATE, DW_FORM, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { ExpressionContext } from "../../engine/dwarf/evaluator";
import type { Machine } from "../../engine/dwarf/machine";
import { Missing, type MissingReason } from "../../engine/dwarf/missing";
import type { Place } from "../../engine/dwarf/place";
import { variableValue } from "../../engine/values/variables";
import {
  type AttributeSpec,
  addr,
  assemble,
  data,
  die,
  type EntrySpec,
  exprloc,
  flag,
  name,
  ref,
  sdata,
  sectionOffset,
  udata,
} from "../support/entry-tree";
import { evaluateBytes, i32, i64, type MachineSpec, machineOf, numberOf } from "./frame";

const { stack_value } = DW_OP;
const local = (index: number): number[] => [DW_OP.WASM_location, 0, index];
const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const u32 = (value: number): number[] => [...new ByteWriter().u32(value).finish()];
const sleb = (value: number): number[] => [...new ByteWriter().sleb(value).finish()];

function lacks(place: Place | Missing, reason: MissingReason): void {
  assert.ok(place instanceof Missing, "a place where there is none");
  assert.equal(place.reason, reason, place.text);
}

function inMemory(place: Place | Missing): number {
  assert.ok(!(place instanceof Missing), place instanceof Missing ? place.text : "");
  assert.ok(place.kind === "memory", place.kind);
  return place.address;
}

describe("called expressions", () => {
  const unit = (text: string, value: number): readonly EntrySpec[] => [
    die(DW_TAG.variable, [name(`doubled ${text}`), exprloc(DW_AT.location, DW_OP.dup, DW_OP.plus)]),
    die(DW_TAG.variable, [name(`indexed ${text}`), exprloc(DW_AT.location, DW_OP.constx, value)]),
    die(DW_TAG.variable, [name(`nowhere ${text}`)]),
  ];
  const base = (value: number) => ({ attributes: [sectionOffset(DW_AT.addr_base, value)] });
  const { debug, units, entry } = assemble(
    [
      [base(8), unit("a", 1)],
      [base(16), unit("b", 1)],
    ],
    (dwarf) => {
      const table = dwarf.section(".debug_addr").u32(20).u16(5).u8(4).u8(0);
      for (const value of [0x10, 0x11, 0x20, 0x21]) table.u32(value);
    },
  );
  const run = (...expression: number[]) => evaluateBytes(expression, {}, { debug, unit: units[1]! });
  const inUnit = (text: string): number => entry(text).offset - units[1]!.offset;

  it("work on the caller's stack: DW_OP_call2, call4, call_ref", () => {
    const offset = inUnit("doubled b");
    const whole = entry("doubled b").offset;
    assert.equal(numberOf(run(DW_OP.lit4, DW_OP.call2, ...u16(offset), stack_value)), 8n);
    assert.equal(numberOf(run(DW_OP.lit5, DW_OP.call4, ...u32(offset), stack_value)), 10n);
    assert.equal(numberOf(run(DW_OP.lit6, DW_OP.call_ref, ...u32(whole), stack_value)), 12n);
  });

  it("are read in their own unit, and the rest in the caller's", () => {
    const foreign = entry("indexed a").offset;
    const own = [DW_OP.constx, 1];
    assert.equal(numberOf(run(DW_OP.call_ref, ...u32(foreign), stack_value)), 0x11n);
    assert.equal(numberOf(run(DW_OP.call_ref, ...u32(foreign), ...own, stack_value)), 0x21n);
  });

  it("do nothing where the entry has no location", () => {
    assert.equal(numberOf(run(DW_OP.lit7, DW_OP.call2, ...u16(inUnit("nowhere b")), stack_value)), 7n);
  });

  it("that are not there are malformed", () => {
    lacks(run(DW_OP.lit7, DW_OP.call4, ...u32(0x7000), stack_value), "malformed");
  });

  it("that call themselves end", () => {
    const endless = assemble([
      [{}, [die(DW_TAG.variable, [name("x"), exprloc(DW_AT.location, DW_OP.call2, ...u16(0x0c))])]],
    ]);
    const [unit] = endless.units;
    assert.equal(endless.entry("x").offset, 0x0d, "the test's own offset");
    const again = assemble([
      [{}, [die(DW_TAG.variable, [name("x"), exprloc(DW_AT.location, DW_OP.call2, ...u16(0x0d))])]],
    ]);
    const expression = [DW_OP.call2, ...u16(0x0d)];
    lacks(evaluateBytes(expression, {}, { debug: again.debug, unit: again.units[0]! }), "too-deep");
    lacks(evaluateBytes(expression, {}, { debug: endless.debug, unit: unit! }), "optimized-out");
  });
});

describe("addresses by index", () => {
  const attributes = [sectionOffset(DW_AT.addr_base, 8)];
  const { units, debug } = assemble([[{ attributes }, []]], (dwarf) => {
    dwarf.section(".debug_addr").u32(12).u16(5).u8(4).u8(0).u32(0x1234).u32(0xffff_ffff);
  });
  const run = (...expression: number[]) => evaluateBytes(expression, {}, { debug, unit: units[0]! });

  it("are addresses as DW_OP_addrx and numbers as DW_OP_constx, GNU's spelling included", () => {
    for (const opcode of [DW_OP.addrx, DW_OP.GNU_addr_index]) assert.equal(inMemory(run(opcode, 0)), 0x1234);
    for (const opcode of [DW_OP.constx, DW_OP.GNU_const_index])
      assert.equal(numberOf(run(opcode, 0, stack_value)), 0x1234n);
  });

  it("of what the linker discarded are no place", () => {
    lacks(run(DW_OP.addrx, 1), "discarded");
    lacks(run(DW_OP.addrx, 1, DW_OP.plus_uconst, 8), "discarded");
    lacks(run(DW_OP.addr, ...u32(0xffff_ffff), DW_OP.plus_uconst, 8), "discarded");
  });

  it("past the table's end are malformed", () => {
    lacks(run(DW_OP.addrx, 99), "malformed");
    lacks(run(DW_OP.constx, 99, stack_value), "malformed");
  });
});

describe("the Wasm machine's registers", () => {
  const spec: MachineSpec = { locals: [i64(1n)], globals: [i32(2)], operands: [i64(3n)] };

  it("are locals, globals (LEB and relocatable) and operands", () => {
    const kinds = [local(0), [DW_OP.WASM_location, 1, 0], [DW_OP.WASM_location, 2, 0]];
    for (const [expression, name, value] of [
      [kinds[0]!, "local 0", 1n],
      [kinds[1]!, "global 0", 2n],
      [kinds[2]!, "operand 0", 3n],
      [[DW_OP.WASM_location, 3, ...u32(0)], "global 0", 2n],
      [[DW_OP.WASM_location_int, 3, ...u32(0)], "global 0", 2n],
    ] as const) {
      const place = evaluateBytes(expression, spec);
      assert.ok(!(place instanceof Missing) && place.kind === "register" && place.name === name);
      assert.equal(numberOf(place), value);
      assert.equal(numberOf(evaluateBytes([...expression, stack_value], spec)), value);
    }
  });

  it("that were not recorded say which kind", () => {
    lacks(evaluateBytes(local(9), spec), "local-not-recorded");
    lacks(evaluateBytes([DW_OP.WASM_location, 1, 9], spec), "global-not-recorded");
    lacks(evaluateBytes([DW_OP.WASM_location, 2, 9], spec), "operand-not-recorded");
    lacks(evaluateBytes([DW_OP.WASM_location, 3, ...u32(9)], spec), "global-not-recorded");
  });

  it("of kinds to come are not guessed", () => {
    lacks(evaluateBytes([DW_OP.WASM_location, 4, 0], spec), "unsupported-operation");
  });
});

describe("a frame base", () => {
  const frame = (...expression: number[]) => {
    const { debug, units, entry } = assemble([
      [
        {},
        [
          die(DW_TAG.subprogram, [
            name("f"),
            addr(DW_AT.low_pc, 0x10),
            data(DW_AT.high_pc, 0x20n, 4),
            exprloc(DW_AT.frame_base, ...expression),
          ]),
        ],
      ],
    ]);
    return (offset: number, spec: MachineSpec, more: Partial<ExpressionContext> = {}) =>
      evaluateBytes([DW_OP.fbreg, ...sleb(offset)], spec, {
        debug,
        unit: units[0]!,
        subprogram: entry("f"),
        ...more,
      });
  };

  it("is the value of a local, the local itself, or an address: all three mean the same", () => {
    const spec = { locals: [i32(0x2000)] };
    for (const expression of [[...local(0), stack_value], local(0), [...local(0), DW_OP.plus_uconst, 0]]) {
      assert.equal(inMemory(frame(...expression)(12, spec)), 0x200c);
      assert.equal(inMemory(frame(...expression)(-16, spec)), 0x1ff0);
    }
  });

  it("that is __stack_pointer counts in the youngest frame only", () => {
    const run = frame(DW_OP.WASM_location, 3, ...u32(0), stack_value);
    const spec = { globals: [i32(0x2000)] };
    assert.equal(inMemory(run(4, spec)), 0x2004);
    lacks(run(4, spec, { machine: { ...machineOf(spec), youngest: false } }), "frame-base-unknown");
  });

  it("keeps the reason why it is not known", () => {
    lacks(frame(...local(3), stack_value)(4, {}), "local-not-recorded");
    lacks(frame()(4, {}), "optimized-out");
    lacks(frame(DW_OP.fbreg, 0)(4, {}), "frame-base-unknown");
  });

  it("plus an offset past either end of the address space is no place: the shadow stack ran out", () => {
    const run = frame(...local(0), stack_value);
    lacks(run(-8, { locals: [i32(4)] }), "out-of-bounds");
    lacks(run(8, { locals: [i32(0xffff_fffc)] }), "out-of-bounds");
    assert.equal(inMemory(run(-4, { locals: [i32(4)] })), 0);
    assert.equal(inMemory(run(3, { locals: [i32(0xffff_fffc)] })), 0xffff_ffff);
  });
});

describe("loops", () => {
  it("that DW_OP_bra never leaves end with a reason", () => {
    lacks(evaluateBytes([DW_OP.lit1, DW_OP.dup, DW_OP.bra, ...u16(0x10000 - 4)]), "malformed");
    lacks(evaluateBytes([DW_OP.lit1, DW_OP.bra, ...u16(0x10000 - 4)]), "malformed");
  });

  it("that fill the stack end with a reason", () => {
    lacks(evaluateBytes([DW_OP.lit1, DW_OP.skip, ...u16(0x10000 - 4)]), "malformed");
  });

  it("that count down give their result", () => {
    const body = [DW_OP.lit2, DW_OP.plus, DW_OP.swap, DW_OP.lit1, DW_OP.minus, DW_OP.swap, DW_OP.over];
    const back = [DW_OP.bra, ...u16(0x10000 - body.length - 3)];
    const place = evaluateBytes([DW_OP.lit5, DW_OP.lit0, ...body, ...back, stack_value]);
    assert.equal(numberOf(place), 10n);
  });

  it("are malformed where they jump out of the expression", () => {
    lacks(evaluateBytes([DW_OP.skip, 5, 0]), "malformed");
    lacks(evaluateBytes([DW_OP.lit1, DW_OP.bra, ...u16(0x10000 - 9)]), "malformed");
    lacks(evaluateBytes([...local(7), DW_OP.bra, 0, 0, DW_OP.lit1, stack_value]), "local-not-recorded");
  });
});

describe("the containing object", () => {
  it("is what DW_OP_push_object_address pushes", () => {
    const expression = [DW_OP.push_object_address, DW_OP.plus_uconst, 8];
    assert.equal(inMemory(evaluateBytes(expression, {}, { objectAddress: address(0x1000) })), 0x1008);
    lacks(evaluateBytes(expression), "no-location");
  });
});

describe("thread-local storage", () => {
  it("is no address, whatever its spelling", () => {
    for (const opcode of [DW_OP.form_tls_address, DW_OP.GNU_push_tls_address])
      lacks(evaluateBytes([DW_OP.lit8, opcode]), "thread-local");
    lacks(evaluateBytes([DW_OP.form_tls_address]), "malformed");
  });
});

describe("composites", () => {
  const spec = {
    locals: [i32(0x44332211), i32(0x88776655)],
    operands: [i32(0x44332211)],
    memory: [0xaa, 0xbb, 0xcc, 0xdd],
  };
  const operand = (index: number) => [DW_OP.WASM_location, 2, index];

  it("take registers, values, memory and bits of them, each in its order", () => {
    const place = evaluateBytes(
      [
        ...[...operand(0), DW_OP.piece, 2],
        ...[DW_OP.lit7, stack_value, DW_OP.piece, 1],
        ...[DW_OP.const2u, 0x00, 0x10, DW_OP.bit_piece, 12, 4],
        ...[DW_OP.implicit_value, 2, 0xee, 0xff, DW_OP.piece, 2],
      ],
      spec,
    );
    assert.ok(!(place instanceof Missing) && place.kind === "composite");
    assert.deepEqual(
      place.pieces.map(({ place: part, bitOffset, bitSize }) => [
        part instanceof Missing ? part.reason : part.kind,
        bitOffset,
        bitSize,
      ]),
      [
        ["register", 0, 16],
        ["value", 0, 8],
        ["memory", 4, 12],
        ["value", 0, 16],
      ],
    );
  });

  it("keep their other members when one piece is missing", () => {
    const int = [name("int"), udata(DW_AT.encoding, DW_ATE.signed), udata(DW_AT.byte_size, 4)];
    const member = (text: string, at: number) =>
      die(DW_TAG.member, [name(text), ref(DW_AT.type, "int"), udata(DW_AT.data_member_location, at)]);
    const value = (index: number) => [...local(index), stack_value];
    const pieces = [...value(0), DW_OP.piece, 4, DW_OP.piece, 4, ...value(1), DW_OP.piece, 4];
    const half = [...value(0), DW_OP.bit_piece, 20, 0, DW_OP.bit_piece, 12, 0];
    const { debug, entry } = assemble([
      [
        {},
        [
          die(DW_TAG.base_type, int, [], "int"),
          die(
            DW_TAG.structure_type,
            [name("three"), udata(DW_AT.byte_size, 12)],
            [member("a", 0), member("b", 4), member("c", 8)],
            "three",
          ),
          die(DW_TAG.variable, [name("whole"), ref(DW_AT.type, "three"), exprloc(DW_AT.location, ...pieces)]),
          die(DW_TAG.variable, [name("half"), ref(DW_AT.type, "int"), exprloc(DW_AT.location, ...half)]),
        ],
      ],
    ]);
    const context = { machine: machineOf(spec), subprogram: undefined, pc: codeOffset(0x10), debug };
    const members = variableValue(entry("whole"), context).children?.named() ?? [];
    assert.deepEqual(
      members.map(({ value }) => value.missing?.reason ?? value.text()),
      [String(0x44332211), "optimized-out", String(0x88776655 | 0)],
    );
    assert.equal(variableValue(entry("half"), context).missing?.reason, "optimized-out");
  });
});

describe("a pointer to what was optimised away", () => {
  const pointer = (opcode: number) =>
    assemble([
      [
        {},
        [
          die(
            DW_TAG.base_type,
            [name("int"), udata(DW_AT.encoding, DW_ATE.signed), udata(DW_AT.byte_size, 4)],
            [],
            "int",
          ),
          die(
            DW_TAG.variable,
            [name("gone"), ref(DW_AT.type, "int"), exprloc(DW_AT.location, DW_OP.lit9, stack_value)],
            [],
            "gone",
          ),
          die(DW_TAG.pointer_type, [ref(DW_AT.type, "int"), udata(DW_AT.byte_size, 4)], [], "pointer"),
          die(DW_TAG.variable, [
            name("p"),
            ref(DW_AT.type, "pointer"),
            {
              at: DW_AT.location,
              form: DW_FORM.exprloc,
              write: (info) => info.uleb(6).u8(opcode).offset("gone").sleb(0),
            },
          ]),
        ],
      ],
    ]);

  it("leads to its value: DW_OP_implicit_pointer and GNU's", () => {
    for (const opcode of [DW_OP.implicit_pointer, DW_OP.GNU_implicit_pointer]) {
      const { debug, entry } = pointer(opcode);
      const context = { machine: machineOf(), subprogram: undefined, pc: codeOffset(0x10), debug };
      const p = variableValue(entry("p"), context);
      assert.equal(p.text(), "→ 9");
      assert.equal(p.target, undefined, "it has no address");
      assert.equal(p.children?.named()[0]?.value.text(), "9");
    }
  });

  it("to no entry is malformed", () => {
    lacks(evaluateBytes([DW_OP.implicit_pointer, ...u32(0x999), 0]), "malformed");
  });
});

describe("the value that a parameter had at entry", () => {
  const atEntry = local(0);
  interface Site {
    readonly parameters?: readonly EntrySpec[];
    readonly where?: AttributeSpec;
    readonly origin?: AttributeSpec;
    readonly gnu?: boolean;
  }
  const parameter = (gnu: boolean, ...value: number[]): EntrySpec =>
    die(gnu ? DW_TAG.GNU_call_site_parameter : DW_TAG.call_site_parameter, [
      exprloc(DW_AT.location, ...atEntry),
      ...(value.length > 0 ? [exprloc(gnu ? DW_AT.GNU_call_site_value : DW_AT.call_value, ...value)] : []),
    ]);
  const subprogram = (text: string, low: number, children: readonly EntrySpec[]): EntrySpec =>
    die(
      DW_TAG.subprogram,
      [
        name(text),
        flag(DW_AT.external),
        addr(DW_AT.low_pc, low),
        data(DW_AT.high_pc, 0x20n, 4),
        exprloc(DW_AT.frame_base, ...local(1), stack_value),
      ],
      children,
      text,
    );

  /** A callee at 0x10 that asks for its local 0 at entry, called at 0x40 by a caller with locals 21 and 0x1000. */
  function ask(site: Site, more: Partial<Machine> = {}): Place | Missing {
    const { gnu = false, parameters = [parameter(gnu, ...local(0), DW_OP.lit2, DW_OP.mul)] } = site;
    const where = site.where ?? (gnu ? addr(DW_AT.low_pc, 0x43) : addr(DW_AT.call_return_pc, 0x43));
    const origin = site.origin ?? ref(gnu ? DW_AT.abstract_origin : DW_AT.call_origin, "callee");
    const attributes = [addr(DW_AT.low_pc, 0x10), data(DW_AT.high_pc, 0x50n, 4)];
    const { debug, units, entry } = assemble([
      [
        { attributes },
        [
          subprogram("callee", 0x10, [die(DW_TAG.formal_parameter, [name("x")], [], "x")]),
          subprogram("other", 0x30, []),
          subprogram("caller", 0x38, [
            die(gnu ? DW_TAG.GNU_call_site : DW_TAG.call_site, [where, origin], parameters),
          ]),
        ],
      ],
    ]);
    const spec = { locals: [i32(21), i32(0x1000)], memory: [5, 6, 7, 8] };
    const caller: Machine = { ...machineOf(spec), pc: codeOffset(0x40), youngest: false };
    const machine: Machine = { ...machineOf({ locals: [i32(99)] }), caller: () => caller, ...more };
    const opcode = gnu ? DW_OP.GNU_entry_value : DW_OP.entry_value;
    const expression = [opcode, atEntry.length, ...atEntry, stack_value];
    const context = { machine, debug, unit: units[0]!, subprogram: entry("callee") };
    return evaluateBytes(expression, {}, context);
  }

  it("is what the caller's call site says, in the caller's frame", () => {
    assert.equal(numberOf(ask({})), 42n);
    assert.equal(numberOf(ask({ gnu: true })), 42n);
    const read = parameter(false, DW_OP.fbreg, 1, DW_OP.deref_size, 1);
    assert.equal(numberOf(ask({ parameters: [read] })), 6n);
  });

  it("is found by the call's own address as well", () => {
    assert.equal(numberOf(ask({ where: addr(DW_AT.call_pc, 0x40) })), 42n);
  });

  it("is unknown when the caller did not keep it", () => {
    lacks(ask({ parameters: [parameter(false)] }), "entry-value-unknown");
    lacks(ask({ parameters: [] }), "entry-value-unknown");
  });

  it("is unknown when the call site is of another call or function", () => {
    lacks(ask({ where: addr(DW_AT.call_pc, 0x44) }), "entry-value-unknown");
    lacks(ask({ where: addr(DW_AT.call_return_pc, 0x40) }), "entry-value-unknown");
    lacks(ask({ origin: ref(DW_AT.call_origin, "other") }), "entry-value-unknown");
  });

  it("needs the caller", () => {
    lacks(ask({}, { caller: () => undefined }), "no-caller");
  });

  it("keeps the reason why the caller's value is not known", () => {
    lacks(ask({ parameters: [parameter(false, ...local(5))] }), "local-not-recorded");
    lacks(ask({ parameters: [parameter(false, DW_OP.skip, 0xfd, 0xff)] }), "malformed");
  });
});

describe("implicit values", () => {
  it("are bytes; what stack_value leaves is as wide as what it was", () => {
    const place = evaluateBytes([DW_OP.implicit_value, 3, 1, 2, 3]);
    assert.ok(!(place instanceof Missing) && place.kind === "value");
    assert.deepEqual([...place.bytes], [1, 2, 3]);
    const wide = evaluateBytes([...local(0), stack_value], { locals: [i64(-2n)] });
    assert.equal(numberOf(wide, 64), 2n ** 64n - 2n);
    lacks(evaluateBytes([stack_value]), "malformed");
  });

  it("of a variable are its value, with the sign of its type", () => {
    const { debug, entry } = assemble([
      [
        {},
        [
          die(
            DW_TAG.base_type,
            [name("short"), udata(DW_AT.encoding, DW_ATE.signed), udata(DW_AT.byte_size, 2)],
            [],
            "short",
          ),
          die(DW_TAG.variable, [
            name("v"),
            ref(DW_AT.type, "short"),
            exprloc(DW_AT.location, DW_OP.implicit_value, 2, 0xfe, 0xff),
          ]),
          die(DW_TAG.variable, [name("c"), ref(DW_AT.type, "short"), sdata(DW_AT.const_value, -3)]),
          die(DW_TAG.variable, [name("d"), ref(DW_AT.type, "short"), data(DW_AT.const_value, 0xfffcn, 2)]),
        ],
      ],
    ]);
    const context = { machine: machineOf(), subprogram: undefined, pc: codeOffset(0x10), debug };
    const text = (variable: string): string => variableValue(entry(variable), context).text();
    assert.deepEqual(["v", "c", "d"].map(text), ["-2", "-3", "-4"]);
  });
});
