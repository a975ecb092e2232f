/** Every form of expression that docs/EXPRESSIONS.md lists, on real crashes whose values the sources give. */
import { describe, it } from "mocha";
import { check } from "./table";

const C = "c-shapes-o0-dwarf5";

describe("forms of expressions", () => {
  it("cast in every spelling, wasmgdb's too", () => {
    check(C, "compounds", [
      ["((struct rect *)opaque)->max.x", "30 : int"],
      ["(struct rect)opaque", /^\{min: \{x: 1, y: 2\}/],
      ["(unsigned char)300", /^44 ',' : unsigned char$/],
      ["(long long)-1", "-1 : long long"],
      ["(unsigned)-1", "4294967295 : unsigned int"],
      ["(double)7 / 2", "3.5 : double"],
      ["(int)-2.9", "-2 : int"],
      ["(enum mood)7", "MOOD_GLAD : enum mood"],
      ["path[1].x as u8", "5 : u8"],
    ]);
    check("rust-shapes", "compounds", [
      ["-1i8 as u8 as char", /'ÿ' : char|'\\xff'/],
      ["&path[0] as *const Point", /^0x[0-9a-f]{8} Point \{x: 0, y: 0\} : \*const Point$/],
      ["2.9 as u8", "2 : u8"],
      ["-2.9f32 as u8", "0 : u8"],
      ["true as i32 + 1", "2 : i32"],
    ]);
    check("cpp-units", "pointers", [
      ["static_cast<short>(70000)", "4464 : short"],
      ["reinterpret_cast<Setting *>(owned.get())->number", "17 : int"],
      ["static_cast<int>(both) | 4", "7 : int"],
    ]);
  });

  it("go by paths with generic arguments", () => {
    check("cpp-forms-clang22-o0-dwarf5", "bindings", [
      ["Table<short, 3, Colour::Blue>::made", "30 : int"],
      ["::Table<short,3,Colour::Blue>::made / 3", "10 : int"],
      ["Table<short, 4, Colour::Blue>::made", /^0: no variable /],
      ["sizeof(Table<short, 3, Colour::Blue>)", "8 : unsigned long"],
      ["seed < 3 > 0", "true : bool"],
    ]);
    check("rust-shapes", "compounds", [
      ["Vec::<u8>::new", /^<unavailable: .*the function is in no table.*>$/],
      ["size_of::<Vec<u32>>()", "12 : usize"],
      ["std::mem::align_of::<Rect>()", "4 : usize"],
      ["std::mem::size_of_val(&path)", "24 : usize"],
      // The constants of traits are in no debug information.
      ["<Point as Default>::NOTHING", /^0: no variable “<Point as Default>::NOTHING” is in scope here$/],
      ["half::<u8", /^\d+: “,” is expected here/],
    ]);
    check("rust-containers", "functions", [["half", /^0x[0-9a-f]{8} <app::half> : fn\(i32\) -> i32$/]]);
  });

  it("take alignments from the debug information, and guess none", () => {
    check(C, "compounds", [
      ["_Alignof(struct packet)", /^\d+ : unsigned long$|does not tell how struct packet is aligned$/],
      ["alignof(path[0].x)", "4 : unsigned long"],
      // Two ints lie next to each other in a packed structure, too.
      ["alignof(struct point)", "0: the debug information does not tell how struct point is aligned"],
    ]);
    check("rust-shapes", "compounds", [["align_of::<(u8, u32)>()", /^\d+: |^4 : usize$/]]);
  });

  it("name Rust's pointers and references by what they may do", () => {
    check("rust-shapes", "compounds", [
      ["&raw const path[0]", /^0x[0-9a-f]{8} Point \{x: 0, y: 0\} : \*const Point$/],
      ["&raw mut path[1].x", /^0x[0-9a-f]{8} → 5 : \*mut i32$/],
      ["&mut path[1]", "&mut Point {x: 5, y: -5} : &mut Point"],
      ["&path[1].x as *const i32 as *mut u8", /^0x[0-9a-f]{8} → 5 : \*mut u8$/],
    ]);
  });

  it("read what stands between quotes as the language does", () => {
    check(C, "compounds", [
      ["'\\q'", "1: \\q is no escape"],
      ['"\\x100"[0]', "1: \\x100 is more than 0xff"],
      ["'é'", "0: one character is expected between the quotes"],
      ['b"x"', "0: the language has no such literal"],
      ['"a" L"b"', "4: texts of two kinds stand in a row"],
      ["(int (*)(int))operation", /^0x[0-9a-f]{8} <multiply> : int \(\*\)\(int\)$/],
      ["1.5L", "1.5 : long double"],
    ]);
    check("cpp-units", "texts", [
      ['wide == L"wïde"', "1 : int"],
      ['wide == LR"(wïde)"', "1 : int"],
      ['wide == L"w\\u00efd"', "0 : int"],
    ]);
    check("rust-shapes", "compounds", [
      ['text == r"größe"', "true : bool"],
      ['text == "gr\\u{f6}\\u{df}e"', "true : bool"],
      ['"\\xe9"', "1: \\xe9 is more than 0x7f"],
      ["b'é'", /^2: a byte is ASCII/],
      ['c"see"', '"see" : &CStr'],
      ["r#rect.min.x", "1 : i32"],
    ]);
  });

  it("cut Rust's texts between characters", () => {
    check("rust-shapes", "compounds", [
      ["owned[3..8]", '"owned" : str'],
      ["&owned[..2]", '"an" : &str'],
      ["text[2..4]", '"ö" : str'],
      ["&text[..] == text", "true : bool"],
      ['&owned[9..] == "string"', "true : bool"],
      ["text[..3]", "4: 3 is inside of a character: it would panic"],
      ["owned[3..99]", "5: 3..99 is outside of 0..15"],
    ]);
  });

  it("never call for what looks like a cast", () => {
    check("cpp-shapes", "language", [
      ["geometry::Point(1)", /it cannot call functions$/],
      ["geometry::Colour(200)", "Blue : geometry::Colour"],
      ["dispatch(1)", /it cannot call functions$/],
    ]);
  });

  it("take an address as the language does, and compare it with pointers", () => {
    check("rust-shapes", "compounds", [
      ["&rect", /^&Rect \{min: .*\} : &Rect$/],
      ["&path[1]", "&Point {x: 5, y: -5} : &Point"],
      ["(&path[1]).x", "5 : i32"],
      ["&numbers[2]", "&2 : &u32"],
      ["*&numbers[2] + 1", "3 : u32"],
    ]);
    check("rust-shapes", "pointers", [
      ["raw == &target", "true : bool"],
      ["*raw + 1", "14 : i32"],
      ["null.is_null()", "true : bool"],
    ]);
    check("cpp-units", "pointers", [
      ["&owned->number", /^0x[0-9a-f]{8} → 17 : int \*$/],
      ["&owned->number == &(*owned).number", "true : bool"],
    ]);
  });

  it("go through what the library dereferences to", () => {
    check("rust-shapes", "descend", [
      ["node.key", "3 : u32"],
      ["(**node).key", "3 : u32"],
      ["node.children.value.len()", "0 : usize"],
      ["children.len()", "0 : usize"],
    ]);
    check("rust-containers", "pointers", [
      ["*count + 1", "6 : u32"],
      ["ring.name", '"ring" : &str'],
      ["boxed.age", "3 : u8"],
      ["dog.age", "4 : u8"],
      ["whale.weight", "90 : u32"],
      ["pack[1].weight", "2 : u32"],
      ["arc_dog.age", "6 : u8"],
      ["across.len()", "6 : usize"],
      ['*across == "across"', "true : bool"],
      ["*_writer", "7 : i32"],
      ["expired.value", /has no member value/],
    ]);
    check("rust-containers", "tasks", [
      ["waiting.doubled", "6 : u32"],
      ["done.key", /Returned has no field key|has no member key/],
    ]);
    check("cpp-units", "pointers", [
      ["owned->kind", "1 : int"],
      ["(*owned).access", "Read : Access"],
      ["some->low", "0 : short"],
      ["*number + 1", "65 : int"],
      ["*nothing", /^<unavailable: null pointer/],
      ["pet->legs", "4 : int"],
      ["owned.kind", /has no member kind/],
    ]);
    check("cpp-units", "iterators", [
      ["second->x", /^\d+: int has no members/],
      ["*second * 2", "16 : int"],
      ["bob->second", "28 : int"],
      ["*none", /behind the last element/],
      ["*chain_end", /behind the last element/],
    ]);
  });

  it("index into containers by number and by key", () => {
    check("rust-containers", "maps", [
      ['ages["k1"] + 1', "2 : u32"],
      ['ages["k2"]', /^5: HashMap<&str, u32, .*> has no such key$/],
      ["squares[14]", "196 : u64"],
      ["large[299]", "2990 : u64"],
      ["nested[9][1]", '"neuf" : String'],
      ['forest["oak"][1]', "true : bool"],
      ["ages[1]", /&str|text|has no/],
      ["squares.len()", "200 : usize"],
      ["no_ages.is_empty()", "true : bool"],
    ]);
    check("rust-containers", "sequences", [
      ["wrapped[0]", "3 : i16"],
      ["wrapped[3]", "6 : i16"],
      ["wrapped[4]", /^\d+: index 4 is outside of 0\.\.3$/],
      ["wrapped[0..4]", /do not lie in a row/],
      ["no_queue[0]", /^\d+: index 0 is outside of 0\.\.-1$/],
      ["million[999999]", "0 : u8"],
      ["grid[0][1]", "2 : u8"],
      ["many[117..=118]", "[117, 118] : [u32; 2]"],
      ["shared_slice.len()", "3 : usize"],
      ["shared_slice[1]", "5 : u16"],
      ["shared_slice[3]", /is outside of 0\.\.2/],
      ['shared_text == "shared"', "true : bool"],
    ]);
    check("rust-containers", "lazies", [
      ["lettered['b']", "2 : u8"],
      ["truths[true]", "1 : u8"],
      ["keyed[1]", /^\d+: /],
      ["links[2]", "7 : u16"],
      ["links.len()", "3 : usize"],
      ["rest[0]", '"two" : &str'],
    ]);
    check("cpp-units", "iterators", [
      ['ages["carol"]', "35 : int"],
      ['ages["dave"]', /has no such key/],
      ["table[5] + 1", "56 : int"],
      ["chain[1]", "8 : int"],
      ["queue[2]", "3 : int"],
      ["row[1..]", "{5, 6} : int [2]"],
      ["row[3]", /is outside of 0\.\.2/],
    ]);
  });

  it("read what methods would tell", () => {
    check("cpp-units", "pointers", [
      ["some.has_value()", "true : bool"],
      ["some.value().kind", "2 : int"],
      ["owned.get()->number", "17 : int"],
      ["nothing.get() == nullptr", "true : bool"],
      ["shared.use_count()", "2 : long"],
      ["widow.use_count()", "0 : long"],
      ["also == shared", "true : bool"],
      ["nothing == nullptr", "true : bool"],
      ["shared && owned", "true : bool"],
      ["watcher.lock()->legs", "2 : int"],
      ["widow.lock() == nullptr", "true : bool"],
      ["owned.release()", /has no release\(\) that can be read without running code/],
    ]);
    check("cpp-units", "iterators", [
      ["row.size() * 2", "6 : unsigned long"],
      ["row.front() + row.back()", "10 : int"],
      ["row.data()[1]", "5 : int"],
      ["chain.size()", "3 : unsigned long"],
      ["second == chain_end", "false : bool"],
      ["none == five", "false : bool"],
      ["ages.empty()", "false : bool"],
    ]);
    check("cpp-containers", "text", [
      ["small.length()", "5 : unsigned long"],
      ["small.size() == 5", "true : bool"],
      ["empty.empty()", "true : bool"],
      ["sixteen.size()", "7 : unsigned long"],
      ["large.c_str()[2]", /^115 's'/],
      ['small == "label"', "true : bool"],
    ]);
    check("cpp-containers", "holders", [
      ["number.index()", "1 : unsigned long"],
      ["counter.load() + 1", "13 : int"],
      ["complex.real() + 1.0", "2.5 : double"],
      ["whole.imag()", "4 : float"],
      ["delay.count()", /^1500 : /],
      ["no_number.has_value()", "false : bool"],
      ["no_number.value()", /it holds no value/],
      ["reference.get() + 1", "32 : int"],
      ["reference", "31 : std::reference_wrapper<int>"],
      ["some_text->size()", "6 : unsigned long"],
    ]);
    check("rust-containers", "cells", [
      ["cell.get()", "12 : u16"],
      ["nonzero.get()", "9 : u32"],
      ["counter + 1", "78 : usize"],
      ["flag && true", "true : bool"],
      ["*pointer.v + 1", "32 : i32"],
      ["cell == 12", "true : bool"],
    ]);
    check("rust-shapes", "enums", [
      ["fine.is_ok()", "true : bool"],
      ["wrong.unwrap_err()", '"wrong" : String'],
      ["something.unwrap()", "-5 : i64"],
      ["line.from.x", "1 : i32"],
      ["circle.0 * 2.0", "5.0 : f64"],
      ["circle.from", /Circle has no field from/],
    ]);
  });

  it("hold text of every width, and C's widest numbers, against literals", () => {
    check("cpp-units", "texts", [
      ["wide[1] == L'ï'", "1 : int"],
      ["thirtytwo[0] == U'λ'", "1 : int"],
      ['names[1] == "two"', "1 : int"],
      ['full == "full"', "1 : int"],
      ['short_text == "ab"', "1 : int"],
      ["operation == add", "1 : int"],
      ["table[1] == NULL", "1 : int"],
      ["view.halves[1],x", "0x3f80 : uint16_t"],
      ["view.bytes", /has no member bytes/],
    ]);
    check("cpp-units", "numbers", [
      ["big + 1", "-1267650600228229401496703205368 : __int128"],
      ["bigger + 1", "0 : unsigned __int128"],
      ["third", "0.3333333333333333333333333333333333 : long double"],
      ["third * 2 == 2 / 3.0L", "1 : int"],
      ["sizeof third", "16 : unsigned long"],
    ]);
  });

  it("show members, elements and nested summaries in hexadecimal", () => {
    check("rust-containers", "sequences", [
      ["wrapped,x", "[0x0003, 0x0004, 0x0005, 0x0006] : VecDeque<i16>"],
      ["grid,x", "[[0x01, 0x02], []] : Vec<VecDeque<u8>>"],
    ]);
    check("rust-containers", "maps", [
      ["nested,x", '{0x00000009: ["nine", "neuf"]} : HashMap<u32, Vec<String>, BuildHasherDefault<Plain>>'],
    ]);
    check("cpp-containers", "sequences", [
      [
        "points,x",
        "{{x: 0x00000001, y: 0x00000002}, {x: 0x00000003, y: 0x00000004}} : std::vector<zoo::Point>",
      ],
    ]);
    check("cpp-containers", "holders", [
      ["triple,x", '{0x00000001, "two", 3.5} : std::tuple<int, std::string, double>'],
    ]);
    check(C, "compounds", [
      ["frame.min,x", "{x: 0x00000001, y: 0x00000002} : struct point"],
      ["matrix,x", /^\{\{0x00000001, 0x00000002, 0x00000003\}, /],
    ]);
  });

  for (const forms of ["clang16-o0-dwarf5", "clang22-o0-dwarf4", "clang22-o0-dwarf5"]) {
    it(`follow C++'s pointers to members, and find static members by their class, in ${forms}`, () => {
      check(`cpp-forms-${forms}`, "bindings", [
        ["node.*field", "30 : int"],
        ["(&node)->*field * 2", "60 : int"],
        ["node.*nothing", "6: it is a null pointer to member"],
        ["node.*six", "6: int is no pointer to member"],
        ["node.*plain", /^0x0000000[0-9] <Node::plain\(int\) const> : /],
        ["(&node)->*moving", /^0x0000000[0-9] <Node::moving\(int\) const> : /],
        ["(node.*plain)(1)", "13: an expression only reads: it cannot call functions"],
        ["six == 6 and seven == 8 or first == 66", "true : bool"],
        ["Statics::fixed", "12 : const int"],
        ["Statics::ratio * 2", "1.5 : double"],
        ["Statics::counter", "101 : int"],
        ["Statics::instance", "0: no variable “Statics::instance” is in scope here"],
      ]);
    });
  }

  it("show what a pointer to a base class leads to as the object that it is part of", () => {
    check("cpp-forms-clang22-o0-dwarf5", "bases", [
      ["*dynamic", /^\(Bottom\) \{\{\{base: 11\}, left: 22\}, .* bottom: 4\} : Base$/],
      ["*other", /^\(Twofold\) .* twofold: 60\} : Other$/],
      ["(*dynamic).base", "11 : int"],
      ["*nobody", "<unavailable: null pointer> : const Base"],
      ["*&copy", /^\{.*bottom: 4\} : Bottom$/],
    ]);
  });

  it("ask an object for its class where dynamic_cast does, and move references to the part that is meant", () => {
    check("cpp-containers", "holders", [
      ["dynamic_cast<zoo::Dog*>(second_pet)", "0x00000000 : zoo::Dog *"],
      ["dynamic_cast<zoo::Bird*>(second_pet)->span", "0.75 : double"],
      ["dynamic_cast<const zoo::Dog&>(animal).tricks", "12 : int"],
      ["dynamic_cast<const zoo::Bird&>(animal)", "0: it is a zoo::Dog: dynamic_cast would throw"],
      ["static_cast<const zoo::Dog&>(animal).tricks", "12 : int"],
    ]);
    check("cpp-forms-clang22-o0-dwarf5", "bases", [
      ["dynamic_cast<Bottom *>(dynamic)->bottom", "4 : int"],
      ["dynamic_cast<Right *>(left)->right", "3 : int"],
      ["dynamic_cast<Twofold *>(left)", "0x00000000 : Twofold *"],
      ["dynamic_cast<Base *>(nobody)", "0x00000000 : Base *"],
    ]);
  });

  it("take a C++ reference for what it refers to", () => {
    check("cpp-forms-clang22-o0-dwarf5", "members", [
      ["*pointer_reference", "4 : int"],
      ["pointer_reference == pointer", "true : bool"],
      ["**&pointer_reference", "4 : int"],
      ["*reference", "0: int is not a pointer"],
      ["holder.reference + 1", "5 : int"],
      ["nullptr == 0", "true : bool"],
    ]);
  });

  it("convert C++'s library types as the language does by itself", () => {
    check("cpp-containers", "holders", [
      ["counter + 1", "13 : int"],
      ["ready ? 1 : 0", "1 : int"],
      ["reference + 1", "32 : int"],
      ["!some", "false : bool"],
      ["no_number ? 1 : 2", "2 : int"],
      ["widow.expired()", "true : bool"],
    ]);
  });

  it("know that a function's name is its address, and what C's characters are", () => {
    check(C, "compounds", [
      ["operation == &multiply", "1 : int"],
      ["sizeof('a')", "4 : unsigned long"],
      ["word[0],x", "0x68 'h' : char"],
      ["number.bytes,x", "{0x00 '\\0', 0x00 '\\0', 0x80 '\\x80', 0x3f '?'} : unsigned char [4]"],
    ]);
  });

  it("reach the elements of arrays whose length nobody knows, and do not call them empty", () => {
    check("c-forms-clang22-o0-dwarf5", "row_of", [
      ["*table", "{…} : int []"],
      ["table[0][2]", "2 : int"],
      ["(*table)[1]", "1 : int"],
      ["table[1]", "6: the size of int [] is not known"],
    ]);
  });

  it("point at the character that an error is about", () => {
    check(C, "compounds", [
      ["path[1].z", /^8: .* has no member z$/],
      ["path[1] +", /^9: /],
      ["path[", /^5: /],
      ["nobody + 1", "0: no variable “nobody” is in scope here"],
      ["1 + nobody", "4: no variable “nobody” is in scope here"],
      ["sizeof(struct nobody)", /^7: no type “struct nobody”/],
      ["malloc(3)", /^6: an expression only reads/],
      ["path[1].x = 3", /^10: /],
      ["path[1].x++", /^\d+: /],
    ]);
  });
});
