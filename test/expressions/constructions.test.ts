/** Values that an expression puts together, patterns, and what they are compared with. */
import { describe, it } from "mocha";
import { check } from "./table";

describe("values put together in Rust", () => {
  it("are compared with what the program has, part by part", () => {
    check("rust-shapes", "enums", [
      ["something == Some(-5)", "true : bool"],
      ["Some(-4) == something", "false : bool"],
      ["something != Some(-4)", "true : bool"],
      ["nothing == None", "true : bool"],
      ["None == something", "false : bool"],
      ["niche_some == Some(&1)", "true : bool"],
      ["nested == Some(Some(false))", "true : bool"],
      ["nonzero == Some(9)", "true : bool"],
      ["fine == Ok(3)", "true : bool"],
      ["fine == Ok(3i32)", /^5: u8 == i32/],
      ['wrong == Err("wrong")', "true : bool"],
      ["wrong == Ok(3)", "false : bool"],
      ["mood == Mood::Angry", "true : bool"],
      ["if nothing == None { 1 } else { 2 }", "1 : i32"],
      ["something == 3", /^10: Option<i64> == \{integer\} has no meaning$/],
    ]);
    check("rust-shapes", "compounds", [
      ['tuple == (7, -8, "nine")', "true : bool"],
      ['tuple == (7, -8, "ten")', "false : bool"],
      ["numbers[..2] == [1, 1]", "true : bool"],
      ["numbers == vec![1, 1, 2, 3, 5, 8]", "true : bool"],
      ["numbers == [1, 1]", "false : bool"],
      ['words == ["one", "two"]', "true : bool"],
      ["matrix == [[1, 2, 3], [4, 5, 6]]", "true : bool"],
      ["ring == [2, 3, 4, 5]", "true : bool"],
      ["bytes == [9; 3]", "false : bool"],
      ['matrix[0] == b"\\x01\\x02\\x03"', "true : bool"],
      ["(1, 2) == (1, 2, 3)", /^7: .* has no meaning$/],
    ]);
  });

  it("say of the program's own types that only they know what is equal", () => {
    check("rust-shapes", "compounds", [
      ["path[0] == Point { x: 0, y: 0 }", /^8: what Point takes for equal is for its own PartialEq to say/],
      ["Some(path[0]) == Some(path[0])", /^14: what Point takes for equal/],
      ["metres == Metres(1.5)", /^7: what Metres takes for equal/],
    ]);
    check("rust-shapes", "enums", [["circle == Shape::Circle(2.5)", /^7: what Shape takes for equal/]]);
  });

  it("are values by themselves, and have members", () => {
    check("rust-shapes", "enums", [
      ["Some(3)", "Some(3) : Option<i32>"],
      ["Some(2.5f32)", "Some(2.5) : Option<f32>"],
      ['(1, "a")', '(1, "a") : (i32, &str)'],
      ["(1,)", "(1,) : (i32,)"],
      ["()", "() : ()"],
      ["[1, 2, 3]", "[1, 2, 3] : [i32; 3]"],
      ["[0u8; 4]", "[0, 0, 0, 0] : [u8; 4]"],
      ["[1, 2, 3][1]", "2 : i32"],
      ['(1, (2, "x")).1.1', '"x" : &str'],
      ["Point { x: 1, y: 2 }", "Point {x: 1, y: 2} : Point"],
      ["Point { x: 1, y: 2 }.y", "2 : i32"],
      ["Shape::Circle(2.5)", "Circle(2.5) : Shape"],
      ["Shape::Empty", "Empty : Shape"],
      ["Point { x: 1 }", "0: Point has a field y as well"],
      ["Point { x: 1, z: 3 }", "14: Point has no field z"],
      ["Nobody { x: 1 }", "0: no struct “Nobody” is in this program"],
      ["Some(1, 2)", "4: Some holds one value, not 2"],
      ["[0; 99999999]", "4: a list of 99999999 elements is too long"],
    ]);
  });
});

describe("matches!", () => {
  it("looks at variants, fields, elements and ranges as match does", () => {
    check("rust-shapes", "enums", [
      ["matches!(circle, Shape::Circle(_))", "true : bool"],
      ["matches!(circle, Shape::Circle(..))", "true : bool"],
      ["matches!(circle, Shape::Circle(r) if r > 2.0)", "true : bool"],
      ["matches!(circle, Shape::Circle(r) if r > 3.0)", "false : bool"],
      ["matches!(empty, Shape::Empty)", "true : bool"],
      ["matches!(circle, Shape::Empty | Shape::Circle(_))", "true : bool"],
      ["matches!(line, Shape::Line { from: Point { x: 1, y: _ }, to: Point { x: 2, .. } })", "true : bool"],
      ["matches!(line, Shape::Line { from, .. } if from.x == 2)", "false : bool"],
      ["matches!(something, Some(-9..=-1))", "true : bool"],
      ["matches!(something, Some(0..))", "false : bool"],
      ["matches!(something, Some(n @ -7..=-3) if n + 5 == 0)", "true : bool"],
      ['matches!(wrong, Err(e) if e == "wrong")', "true : bool"],
      ["matches!(mood, Mood::Angry | Mood::Glad)", "true : bool"],
      ["matches!(mood, Mood::Glad)", "false : bool"],
      ["matches!(nothing, None)", "true : bool"],
    ]);
    check("rust-shapes", "compounds", [
      ["matches!(path[1], Point { x: 5, y: -5 })", "true : bool"],
      ["matches!(numbers[..], [1, .., 8])", "true : bool"],
      ["matches!(numbers[..], [1, 2, ..])", "false : bool"],
      ["matches!(path, [_, Point { x, .. }, _] if x == 5)", "true : bool"],
      ['matches!(tuple, (7, _, "nine"))', "true : bool"],
      ["matches!(tuple, (7, ..))", "true : bool"],
      ["matches!(marker, Marker)", "true : bool"],
      ["matches!(metres, Metres(1.5))", "true : bool"],
    ]);
  });

  it("refuses what could not be matched, at the pattern", () => {
    check("rust-shapes", "enums", [
      ["matches!(circle, Shape::Nope)", "17: Shape is no Shape::Nope"],
      ["matches!(mood, Mood::Nope)", "15: Mood is no Mood::Nope"],
      ["matches!(line, Shape::Line { from })", "15: the pattern leaves out to: end it in “..”"],
      ["matches!(line, Shape::Line { here, .. })", "29: Shape::Line has no field here"],
      ["matches!(circle, Shape::Circle(a, b))", "17: there are 1 fields, not 2"],
      ["matches!(circle, [..])", "17: Shape is no slice"],
      ["matches!(circle, )", "17: a pattern is expected here, not “)”"],
    ]);
  });
});

describe("values between braces", () => {
  it("are C's compound literals", () => {
    check("c-shapes-o0-dwarf5", "compounds", [
      ["(struct point){1, 2}", "{x: 1, y: 2} : struct point"],
      ["(struct point){.y = 1}", "{x: 0, y: 1} : struct point"],
      ["(struct point){1, 2}.y", "2 : int"],
      ["(vector_t){frame.max.x}", "{x: 30, y: 0} : vector_t"],
      [
        "(struct rect){{1, 2}, {3, 4}}",
        "{min: {x: 1, y: 2}, max: {x: 3, y: 4}, label: 0x00000000} : struct rect",
      ],
      ["(struct rect){frame.min, path[1]}.max", "{x: 5, y: -5} : struct point"],
      [
        "(struct flags){1, -7, 4000}",
        "{ready: 1, delta: -7, level: 4000, wide: 0, huge: 0, on: false} : struct flags",
      ],
      ["(union number){.real = 1.0f}.bits", "1065353216 : uint32_t"],
      ["(struct variant){.kind = 1, .real = 2.5}.real", "2.5 : double"],
      ["(int[3]){1, [2] = 9}", "{1, 0, 9} : int [3]"],
      ['(char[8]){"hello"}', '"hello" : char [8]'],
      ["(int){3}", "3 : int"],
      ["sizeof((struct point){1, 2})", "8 : unsigned long"],
      ["(struct point){1, 2, 3}", "21: struct point has no more members"],
      ["(struct point){.q = 1}", "15: struct point has no member q"],
      ["(struct variant){1, 2}", /^17: struct variant has members without names/],
      ['(struct rect){.label = "x"}', "23: a text that is typed has no address"],
      ["path[0].x = 3", "10: an expression only reads: it cannot change the program"],
    ]);
  });

  it("are C++'s aggregates, which narrow nothing", () => {
    check("cpp-containers", "sequences", [
      ["zoo::Point{1, 2}", "{x: 1, y: 2} : zoo::Point"],
      ["zoo::Point{1, 2}.y", "2 : int"],
      ["zoo::Point(1, 2)", "{x: 1, y: 2} : zoo::Point"],
      ["zoo::Point{1}", "0: what zoo::Point has for y is not known: write it"],
      ["zoo::Point{1, 2.5}", "14: double does not fit into int without loss"],
      ["int{3}", "3 : int"],
      ["int{2.5}", "4: double does not fit into int without loss"],
    ]);
    check("cpp-containers", "holders", [
      ['zoo::Dog{"Rex"}', /an expression only reads: it cannot call functions$/],
    ]);
  });
});
