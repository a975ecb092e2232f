/** Expressions as programmers type them, on real crashes whose values are known from the sources. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { frameOf } from "./frames";
import { check } from "./table";

const C = "c-shapes-o0-dwarf5";

describe("C expressions", () => {
  it("compute with the types' own widths and signs", () => {
    check(C, "scalars", [
      ["whole - 1", "2147483647 : int"],
      ["natural + 1", "0 : unsigned int"],
      ["byte + byte", "400 : int"],
      ["-tiny", "128 : int"],
      ["port << 4", "1048560 : int"],
      ["whole < natural", "1 : int"],
      ["tiny < natural", "1 : int"],
      ["-1 < 1u", "0 : int"],
      ["large / 2", "-4611686018427387904 : long long"],
      ["larger + 1", "0 : unsigned long long"],
      ["-7 / 2", "-3 : int"],
      ["-7 % 3", "-1 : int"],
      ["~0u", "4294967295 : unsigned int"],
      ["!letter", "0 : int"],
      ["letter == 'w'", "1 : int"],
      ["yes ? byte : small", "200 : int"],
      ["yes ? byte : real", "200 : float"],
      ["real * 2", "6.5 : float"],
      ["real + precise", /^3\.15 : double$/],
      ["(int)real", "3 : int"],
      ["(unsigned char)whole", /^0 '\\0' : unsigned char$/],
      ["(port_t)-1", "65535 : port_t"],
      ["(port_t) - 1", "65535 : port_t"],
      ["byte & 1 == 0", "0 : int"],
      ["1 + 2 * 3 - 4 / 2", "5 : int"],
      ["0x10 + 0b11 + 010", "27 : int"],
      ["0xffffffff", "4294967295 : unsigned int"],
      ["real,x", "0x40500000 : float"],
      ["0x40500000,f", "3.25 : int"],
      ["1 / 0", "2: division by zero"],
      ["whole / -1", "6: the quotient does not fit into int"],
      ["1 << 32", /^2: a shift by 32 is undefined/],
      ["nothing_such + 1", "0: no variable “nothing_such” is in scope here"],
      ["byte +* 1", /^\d+: /],
    ]);
  });

  it("follow, scale and compare pointers", () => {
    check(C, "compounds", [
      ["corner->x", "30 : int"],
      ["(*handle)->y", "40 : int"],
      ["corner + 1 == corner", "0 : int"],
      ["(corner + 1) - corner", "1 : long"],
      ["(char *)(corner + 1) - (char *)corner", "8 : long"],
      ["corner == &frame.max", "1 : int"],
      ["nothing == NULL", "1 : int"],
      ["nothing == 0 && corner != nullptr", "1 : int"],
      ["nothing != NULL && nothing->label", "0 : int"],
      ["*(path + 1)", "{x: 5, y: -5} : vector_t"],
      ["*path", "{x: 0, y: 0} : vector_t"],
      ["((struct rect *)opaque)->min.y", "2 : int"],
      [
        "(struct rect)opaque",
        /^\{min: \{x: 1, y: 2\}, max: \{x: 30, y: 40\}, label: .*"frame"\} : struct rect$/,
      ],
      ["(rect)opaque", /^\{min: \{x: 1, y: 2\}/],
      ["*(struct point *)&frame.max", "{x: 30, y: 40} : struct point"],
      ['text == "a longer text"', "1 : int"],
      ['word == "hello"', "1 : int"],
      ['word != "hell"', "1 : int"],
      ["nothing->label", /unavailable/],
      ["nothing->label == text", /^<unavailable: null pointer/],
      ["operation == multiply", "1 : int"],
    ]);
  });

  it("slice, measure and show in other formats", () => {
    check(C, "compounds", [
      ["path[1..3]", /^\{\{x: 5, y: -5\}, \{x: 10, y: -10\}\} : vector_t \[2\]$/],
      ["path[1..=2][1].x", "10 : int"],
      ["path[..1]", /^\{\{x: 0, y: 0\}\} /],
      ["path[2..4]", "4: 2..4 is outside of 0..3"],
      ["corner,1", /^\{\{x: 30, y: 40\}\} : struct point \[1\]$/],
      ["packet->payload[0..0]", /^\{\} : /],
      ["(unsigned char *)packet + 2,4", /10.*20.*30.*40/],
      ["sizeof(struct rect)", "20 : unsigned long"],
      ["sizeof path", "24 : unsigned long"],
      ["sizeof(&path)", "4 : unsigned long"],
      ["*(vector_t (*)[2])&path", /^\{\{x: 0, y: 0\}, \{x: 5, y: -5\}\} : vector_t \[2\]$/],
      ["*(int[2][3] *)&matrix", /^\{\{1, 2, 3\}, \{4, 5, 6\}\} : int \[2\]\[3\]$/],
      ["sizeof(path) / sizeof(path[0])", "3 : unsigned long"],
      ["offsetof(struct rect, max.y)", "12 : unsigned long"],
      ["typeof(path[0].x + 1ll)", "long long"],
      ["path[1].x,x", "0x00000005 : int"],
      ["path[1].x,b", `0b${"101".padStart(32, "0")} : int`],
      ["path[1].y,d", "-5 : int"],
      ["word[0],d", "104 : char"],
      ["word[0],c", "'h' : char"],
      ["text,s", '"a longer text" : const char *'],
      ["mood == MOOD_ANGRY", "1 : int"],
      ["access & ACCESS_RUN", "4 : unsigned int"],
      ["flags.delta + 1", "-6 : int"],
      ["flags.level * 2", "8000 : int"],
      ["$frame != NULL", "1 : int"],
    ]);
  });

  it("take what lies behind an object as gdb does, and an arrow behind an object for a dot", () => {
    check(C, "compounds", [
      ["path[0]@2", "{{x: 0, y: 0}, {x: 5, y: -5}} : vector_t [2]"],
      ["(path[0]@2)[1].y", "-5 : int"],
      ["path[1]@1 + 1", /^\{\{x: 5, y: -5\}, \{x: 10, y: -10\}\} : vector_t \[2\]$/],
      ["path[0]@0", "7: 0 is no number of objects"],
      ["5@2", /only an object in memory/],
      ["(path[1])->y", "-5 : int"],
      ["path[1].x->y", /is not a pointer/],
    ]);
  });

  it("show records and arrays in a format, every member of it", () => {
    check(C, "compounds", [
      ["path[1],u", "{x: 5, y: 4294967291} : vector_t"],
      [
        "path,o",
        "{{x: 0o0, y: 0o0}, {x: 0o5, y: 0o37777777773}, {x: 0o12, y: 0o37777777766}} : vector_t [3]",
      ],
      ["word,d", /^\{104, 101, 108, 108, 111, 0, /],
    ]);
  });

  it("go on from values that were printed before", () => {
    const frame = frameOf(C, "compounds");
    const history = [evaluateInFrame("path[1]", frame), evaluateInFrame("40", frame)];
    const text = (expression: string) =>
      evaluateInFrame(expression, frame, undefined, { history, variables: new Map() }).text();
    assert.equal(text("$1.y + $"), "35");
    assert.equal(text("$$.x + $$0"), "45");
    assert.equal(text("$2 + 1"), "41");
    assert.equal(text("$$1.y"), "-5");
    assert.throws(() => text("$3"), /there is no value \$3: 2 were printed/);
    assert.throws(() => evaluateInFrame("$", frame), /there is no value \$: 0 were printed/);
  });

  it("reach shadowed variables", () => {
    check(C, "shadows", [
      ["step", "30 : int"],
      ["step#2", "20 : int"],
      ["step#3 + 1", "11 : int"],
      ["step#4", "0: there are only 3 of “step” in scope here"],
    ]);
  });

  it("read the reason of the crash", () => {
    const frame = frameOf(C, "scalars");
    const reason = {
      kind: "unreachable",
      title: "it broke",
      details: [],
      trap: "unreachable",
      language: undefined,
    } as const;
    assert.equal(evaluateInFrame("$exception", frame, reason).text(), "it broke");
  });
});

describe("Rust expressions", () => {
  it("overflow where the program would panic, and never mix types", () => {
    check("rust-shapes", "scalars", [
      ["byte + 50", "250 : u8"],
      ["byte + 56", "5: 200 + 56 overflows u8"],
      ["-tiny", "0: -(-128) overflows i8"],
      ["natural + byte", /^8: u32 \+ u8: Rust has no operators for two types/],
      ["natural as u64 + byte as u64", "4294967495 : u64"],
      ["whole as u8", "0 : u8"],
      ["-1i32 as u32", "4294967295 : u32"],
      ["300.5 as u8", "255 : u8"],
      ["nan as i32", "0 : i32"],
      ["letter as u32", "955 : u32"],
      ["letter == 'λ'", "true : bool"],
      ["97u8 as char", "'a' : char"],
      ["hugest", "340282366920938463463374607431768211455 : u128"],
      ["!truth || byte == 200", "true : bool"],
      ["!byte", "55 : u8"],
      ["byte & 1 == 0", "true : bool"],
      ["real * 2.0", "6.5 : f32"],
      ["2147483647 + 1", /overflows i32/],
      ["-128i8", "-128 : i8"],
      ["7 / -2", "-3 : i32"],
      ["size * 2", "24 : usize"],
      ["size << 32", /overflows the 32 bits/],
      ["0o17 + 017", "32 : i32"],
    ]);
  });

  it("read tuples, slices, texts and what views know", () => {
    check("rust-shapes", "compounds", [
      ["tuple.0 + 1", "8 : u8"],
      ['tuple.2 == "nine"', "true : bool"],
      ['owned == "an owned string"', "true : bool"],
      ["owned.len()", "15 : usize"],
      ["text.len()", "7 : usize"],
      ["empty.is_empty()", "true : bool"],
      ["numbers.len()", "6 : usize"],
      ["numbers[1..3]", "[1, 2] : [u32; 2]"],
      ["numbers[..][5]", "8 : u32"],
      ["slice[0].x * 2", "10 : i32"],
      ["&path[1] as *const Point as usize > 0", "true : bool"],
      ["*(&path[1] as *const Point)", "Point {x: 5, y: -5} : Point"],
      ["sizeof(Rect)", "24 : usize"],
      ["numbers.push()", /no push\(\) that can be read without running code/],
      ["numbers.push(1)", /^8: an expression only reads/],
    ]);
    check("rust-shapes", "enums", [
      ["something.is_some()", "true : bool"],
      ["nothing.is_none()", "true : bool"],
      ["nothing.unwrap()", /^8: it is None: unwrap would panic/],
      ["mood == Mood::Angry", "true : bool"],
    ]);
  });
});

describe("arrays of Rust and Zig", () => {
  it("are never taken for addresses", () => {
    check("rust-shapes", "compounds", [
      ["path == path", /^5: what Point takes for equal is for its own PartialEq to say/],
      ['matrix[0] == b"\\x01\\x02\\x03"', "true : bool"],
      ["matrix[0] == matrix[1]", "false : bool"],
    ]);
    check("zig-shapes-debug", "compounds", [["numbers == numbers", /is no number, pointer or text$/]]);
  });
});

describe("C++ expressions", () => {
  it("know namespaces, statics, enumerators and members of this", () => {
    check("cpp-shapes", "language", [
      ["colour == geometry::Colour::Blue", "true : bool"],
      ["colour == Colour::Blue", "true : bool"],
      ["alias + 1 == point.x + 1", "true : bool"],
      ["pointer == &point.y", "true : bool"],
      ["&alias == &point.x", "true : bool"],
      ["nothing == nullptr", "true : bool"],
      ["static_cast<unsigned char>(plain)", /^99 'c'/],
      ["sizeof(geometry::Point)", "8 : unsigned long"],
      ["(geometry::Point &)point", /^\{x: /],
      ["geometry::Point::made > 0", "true : bool"],
    ]);
  });

  it("look into the library's containers", () => {
    check("cpp-shapes", "library", [
      ["numbers[2] + 1", "3 : int"],
      ["numbers.size()", "6 : unsigned long"],
      ["numbers[1..3]", /^\{1, 2\} : int \[2\]$/],
      ["points[1].x * 2", "6 : int"],
      ["points[0..5]", "6: 0..5 is outside of 0..2"],
      ['names[2] == "two"', "true : bool"],
      ["names[4]", /has no such key/],
      ["numbers[6]", /^\d+: /],
      ['small == "short"', "true : bool"],
      ['small == "shor"', "false : bool"],
    ]);
  });
});
