/**
 * Demangled names, held against llvm-cxxfilt's over real modules, and by hand where that tool says nothing.
 *
 * llvm-cxxfilt's style differs from ours, which is that of Rust's own backtraces, in this:
 *   - it keeps the hash of the legacy scheme, and shows a suffix in parentheses: `f::h0123456789abcdef (.llvm.1)`;
 *   - it shows characters beyond ASCII in constants as `\u{…}`;
 *   - it takes the legacy scheme for C++ and leaves escapes as they are;
 *   - it knows neither structural constants nor pattern types nor suffixes after `$`.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Context, describe, it } from "mocha";
import { functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { demangle } from "../../engine/wasm/demangle/index";
import { WasmModule } from "../../engine/wasm/module";
import { type Fixture, fixtures, loadModule } from "../fixtures/index";
import { llvm } from "./support/llvm";

function functionNames(fixture: Fixture): string[] {
  const module = WasmModule.open(new MemorySource(fixture.name, loadModule(fixture)));
  const names = Array.from({ length: module.functionCount }, (_, i) => module.functionName(functionIndex(i)));
  return names.filter((name) => name !== undefined);
}

const rustFixtures = fixtures.filter(({ language }) => language === "rust");
const rustSymbols = rustFixtures.flatMap(functionNames).filter((name) => name.startsWith("_R"));

/** What llvm-cxxfilt makes of each symbol, in our style. */
function cxxfilt(test: Context, symbols: readonly string[]): string[] {
  const { stdout } = llvm(test, "llvm-cxxfilt", [], `${symbols.join("\n")}\n`);
  const names = stdout.split("\n").slice(0, symbols.length);
  return names.map((name) => name.replace(/ \(\.[^)]*\)$/, "").replace(/::h[0-9a-f]{16}$/, ""));
}

/** Shows each symbol that `table` has wrong beside what it should be. */
function expect(table: Readonly<Record<string, string>>): void {
  const found = Object.fromEntries(Object.keys(table).map((symbol) => [symbol, demangle(symbol)]));
  assert.deepEqual(found, table);
}

/** Expects types, each standing as the Self type of an impl. */
function expectTypes(table: Readonly<Record<string, string>>): void {
  const entries = Object.entries(table).map(([type, name]) => [`_RMC0${type}`, `<${name}>`]);
  expect(Object.fromEntries(entries));
}

/** Expects constants, each standing as the generic argument of `f`. */
function expectConstants(table: Readonly<Record<string, string>>): void {
  const entries = Object.entries(table).map(([constant, name]) => [`_RIC1fK${constant}E`, `f::<${name}>`]);
  expect(Object.fromEntries(entries));
}

describe("demangling real modules", () => {
  for (const fixture of rustFixtures) {
    it(`names the functions of ${fixture.name} as llvm-cxxfilt does`, function () {
      const symbols = functionNames(fixture).filter((name) => name.startsWith("_R"));
      assert.ok(symbols.length > 20);
      assert.deepEqual(symbols.map(demangle), cxxfilt(this, symbols));
      for (const symbol of symbols) assert.notEqual(demangle(symbol), symbol);
    });
  }

  it("agrees with llvm-cxxfilt on damaged symbols that both take for sound", function () {
    const arbitrary = fc.constantFrom(...rustSymbols).chain(mutatedSymbol);
    const damaged = fc.sample(arbitrary, { numRuns: 4000, seed: 7 });
    const theirs = cxxfilt(this, damaged);
    const both = damaged
      .map((symbol, i) => ({ symbol, ours: demangle(symbol), theirs: theirs[i]! }))
      .filter(({ symbol, ours, theirs }) => ours !== symbol && theirs !== symbol);
    assert.ok(both.length > 100);
    for (const { symbol, ours, theirs } of both) assert.equal(ours, theirs, symbol);
  });

  it("leaves the names of C and C++ functions alone", () => {
    const names = fixtures.filter(({ language }) => language !== "rust").flatMap(functionNames);
    assert.ok(names.some((name) => name.startsWith("std::")));
    for (const name of names) assert.equal(demangle(name), name);
  });
});

describe("demangling v0 symbols", () => {
  it("shows paths without crate disambiguators", () => {
    expect({
      _RNvNtNtCsfnsGowaD1wl_4core9panicking11panic_const24panic_const_sub_overflow:
        "core::panicking::panic_const::panic_const_sub_overflow",
      _RNvCsfgHYwM92fyn_7___rustc18___rust_start_panic: "__rustc::__rust_start_panic",
      _RNvC6_123foo3bar: "123foo::bar",
    });
  });

  it("shows what an impl is for, and not where it stands", () => {
    expect({
      _RNvMs_Cs4Cv8Wi1oAIB_7mycrateNtB4_7Example3foo: "<mycrate::Example>::foo",
      _RNvXCs15kBYyAo9fc_7mycrateNtB2_7ExampleNtB2_5Trait3foo: "<mycrate::Example as mycrate::Trait>::foo",
      _RNvYNtCs15kBYyAo9fc_7mycrate7ExampleNtB4_5Trait7exampleB4_:
        "<mycrate::Example as mycrate::Trait>::example",
    });
  });

  it("numbers closures and shims", () => {
    expect({
      _RNCNvCsgStHSCytQ6I_7mycrate4main0B3_: "mycrate::main::{closure#0}",
      _RNCNvCsgStHSCytQ6I_7mycrate4mains_0B3_: "mycrate::main::{closure#1}",
      _RNSNvC1c1fs0_6vtable: "c::f::{shim:vtable#2}",
      _RNXNvC1c1f0: "c::f::{X#0}",
    });
  });

  it("writes a turbofish in expressions, and none in types", () => {
    expect({
      _RINvCsgStHSCytQ6I_7mycrate7examplelKj1_EB2_: "mycrate::example::<i32, 1>",
      _RNvMC1cINtB2_7ExamplepKpE3foo: "<c::Example<_, _>>::foo",
      _RINvC1c1fINtC1c1SL_EE: "c::f::<c::S<'_>>",
    });
  });

  it("decodes identifiers beyond ASCII, from Punycode and from UTF-8", () => {
    expect({
      _RNvNtNtCsgOH4LzxkuMq_7mycrateu8gdel_5qa6escher4bach: "mycrate::gödel::escher::bach",
      _RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y:
        "utf8_idents::საჭმელად_გემრიელი_სადილი",
      _RNvC1cu6f_5gaa: "c::føø",
      _RNvC1cu7___ylb7e: "c::α_ω",
      _RNvC1cu6n84amf: "c::铁锈",
      _RNvC1cu4fq9h: "c::🤦",
      _RNvNtC1c6gödel1f: "c::gödel::f",
    });
  });

  it("shows types as Rust source writes them", () => {
    expectTypes({
      TabcdefhijlmnoE: "(i8, bool, char, f64, str, f32, u8, isize, usize, i32, u32, i128, u128)",
      TstuvxyzpC4f128E: "(i16, u16, (), ..., i64, u64, !, _, f128)",
      TRhQtPmOyE: "(&u8, &mut u16, *const u32, *mut u64)",
      Sh: "[u8]",
      Atj8_: "[u16; 8]",
      ThE: "(u8,)",
      FEu: "fn()",
      FUKCuEj: 'unsafe extern "C" fn(()) -> usize',
      FK12fastcall_abiEz: 'extern "fastcall-abi" fn() -> !',
      FG0_RL1_hRL0_tEu: "for<'a, 'b> fn(&'a u8, &'b u16)",
      FG_QL0_hFG_RL1_hRL0_tEuEu: "for<'a> fn(&'a mut u8, for<'b> fn(&'a u8, &'b u16))",
      WmRm1_m9_: "u32 is 1..=9",
      WmORm1_m5_Rm7_m9_E: "u32 is 1..=5 | 7..=9",
      WPuN: "*const () is !null",
    });
  });

  it("shows trait objects with their bounds, bindings and lifetimes", () => {
    expectTypes({
      DNtC1c1TEL_: "dyn c::T",
      DNtC1c1TNtC1c4SendEL_: "dyn c::T + c::Send",
      DG_INtC1c2FnTRL0_hEEp6OutputuEL_: "dyn for<'a> c::Fn<(&'a u8,), Output = ()>",
      DNtC1c1Tp1Ahp1BKj7_EL_: "dyn c::T<A = u8, B = 7>",
      FG_RL0_DNtC1c1TEL0_Eu: "for<'a> fn(&'a dyn c::T + 'a)",
    });
  });

  it("shows constants as literals", () => {
    expectConstants({
      p: "_",
      j7b_: "123",
      lnb_: "-11",
      b0_: "false",
      b1_: "true",
      c41_: "'A'",
      c27_: "'\\''",
      ca_: "'\\n'",
      c2202_: "'∂'",
      c200b_: "'\\u{200b}'",
      yffffffffffffffff_: "18446744073709551615",
      o123456789abcdef0123456789abcdef_: "0x123456789abcdef0123456789abcdef",
      Re616263_: '"abc"',
      Re22275c0a_: `"\\"'\\\\\\n"`,
    });
  });

  it("puts constants that are no literals in braces", () => {
    expectConstants({
      e616263_: '{*"abc"}',
      RAh1_h2_E: "{&[1, 2]}",
      Qh1_: "{&mut 1}",
      TRe61_h1_E: '{("a", 1)}',
      Th1_E: "{(1,)}",
      VNtINtC1c6OptionjE4NoneU: "{c::Option::<usize>::None}",
      VNtINtC1c6OptionjE4SomeTj0_E: "{c::Option::<usize>::Some(0)}",
      VNtC1c3BarS1sRe61_2chc78_E: `{c::Bar { s: "a", ch: 'x' }}`,
    });
  });

  it("follows back-references of types and constants", () => {
    expect({
      _RINvCs7qp2U7fqm6G_7mycrate7exampleNtB2_7ExampleBw_EB2_:
        "mycrate::example::<mycrate::Example, mycrate::Example>",
      _RIC1fKj7_KB4_E: "f::<7, 7>",
      _RIC1fKj7_KB3_E: "_RIC1fKj7_KB3_E",
    });
  });

  it("hides the suffixes that tools add", () => {
    expect({
      "_RNvC1c1f.llvm.9D1C9369": "c::f",
      "_RNvC1c1f.llvm.9D1C9369@@16": "c::f",
      _RNvC1c1f$tlv$init: "c::f",
    });
  });
});

describe("demangling legacy symbols", () => {
  it("drops the hash and resolves escapes", () => {
    const hash = "17h0123456789abcdefE";
    expect({
      [`_ZN4core9panicking5panic${hash}`]: "core::panicking::panic",
      [`_ZN4core9panicking5panic${hash}.llvm.123`]: "core::panicking::panic",
      [`_ZN35Bar$LT$$u5b$u32$u3b$$u20$4$u5d$$GT$${hash}`]: "Bar<[u32; 4]>",
      [`_ZN28_$u7b$$u7b$closure$u7d$$u7d$${hash}`]: "{{closure}}",
      [`_ZN29_$LT$a..B$u20$as$u20$c..D$GT$1f${hash}`]: "<a::B as c::D>::f",
      [`_ZN23$SP$$BP$$RF$$LP$$RP$$C$${hash}`]: "@*&(),",
      [`_ZN8u$uf6$$z${hash}`]: "uö$z",
    });
  });

  it("splits paths as llvm-cxxfilt does", function () {
    const symbols = [
      "_ZN4core9panicking5panic17h0123456789abcdefE",
      "_ZN5alloc9allocator6Layout9for_value17h02a996811f781011E.llvm.77",
    ];
    assert.deepEqual(symbols.map(demangle), cxxfilt(this, symbols));
  });

  it("leaves C++ symbols alone", () => {
    for (const symbol of [
      "_ZN3foo3barEv",
      "_ZN3fooE",
      "_ZN3foo5h05afE",
      "_ZNSt6vectorIiSaIiEE9push_backEOi",
    ]) {
      assert.equal(demangle(symbol), symbol);
    }
  });

  it("drops the hash of a name that another tool demangled, and changes no other name", () => {
    expect({
      "core::panicking::panic::h0123456789abcdef": "core::panicking::panic",
      "core::panicking::panic::h0123456789abcde": "core::panicking::panic::h0123456789abcde",
      "::h0123456789abcdef": "::h0123456789abcdef",
      main: "main",
      "": "",
    });
  });
});

describe("demangling malformed symbols", () => {
  it("gives them back as they are", () => {
    const malformed = [
      "_R",
      "_RNvC1c",
      "_RNvC1c9f",
      "_RC99999999999999999999a",
      "_RNvC1c1f!",
      "_RB_",
      "_RNvB_1a",
      "_RMC0RB2_",
      "_RMC0RL0_h",
      "_RIC1fKb2_E",
      "_RIC1fKcd800_E",
      "_RIC1fKRe6_E",
      "_RIC1fKReff_E",
      "_RC1cszzzzzzzzzzzzzzzz_1c",
      "_RCu3a_B",
      "_ZN9foo17h0123456789abcdefE",
    ];
    for (const symbol of malformed) assert.equal(demangle(symbol), symbol);
  });

  it("limits nesting and endless names", () => {
    const bombs = [
      `_RMC0${"R".repeat(60000)}h`,
      `_RMC0${"T".repeat(40)}p${Array.from({ length: 40 }, (_, i) => `B${base62(42 - i)}E`).join("")}`,
      "_RMC0FGZZZZZ_Eu",
      `_R${"N".repeat(100000)}`,
    ];
    for (const bomb of bombs) assert.equal(demangle(bomb), bomb);
  });

  it("never throws or hangs on damaged symbols", () => {
    const symbols = fc.constantFrom(
      ...rustSymbols,
      "_ZN35Bar$LT$$u5b$u32$u3b$$u20$4$u5d$$GT$17h0123456789abcdefE",
    );
    fc.assert(
      fc.property(symbols.chain(mutatedSymbol), (symbol) => {
        assert.ok(demangle(symbol).length <= Math.max(symbol.length, 1 << 16));
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => {
        demangle(`_R${rest}`);
        demangle(`_ZN${rest}17h0123456789abcdefE`);
      }),
    );
  });
});

const symbolCharacters = [..."_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPQRSTUVWXYZ"];

/** The symbol with a few characters replaced, inserted or removed. */
function mutatedSymbol(symbol: string): fc.Arbitrary<string> {
  const mutation = fc.record({
    at: fc.integer({ min: 2, max: symbol.length - 1 }),
    removed: fc.constantFrom(0, 1, 1, 1, 4),
    inserted: fc.constantFrom("", ...symbolCharacters),
  });
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((mutations) =>
      mutations.reduce(
        (text, { at, removed, inserted }) => text.slice(0, at) + inserted + text.slice(at + removed),
        symbol,
      ),
    );
}

/** base-62-number of numbers up to 62. */
function base62(value: number): string {
  if (value === 0) return "_";
  return `${"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[value - 1]}_`;
}
