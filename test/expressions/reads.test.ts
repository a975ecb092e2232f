/** Methods and functions of the languages' libraries that only read: what they give is known from the sources. */
import { describe, it } from "mocha";
import { check } from "./table";

describe("reads of Rust's library", () => {
  it("of elements, maps and sets", () => {
    check("rust-shapes", "compounds", [
      ["numbers.first()", "Some(1) : Option<&u32>"],
      ["numbers.last().unwrap()", "8 : u32"],
      ["numbers.get(1)", "Some(1) : Option<&u32>"],
      ["numbers.get(99)", "None : Option<&u32>"],
      ["numbers.contains(&3)", "true : bool"],
      ["numbers.contains(&4)", "false : bool"],
      ["numbers.first() == Some(&1)", "true : bool"],
      ["numbers.iter().max()", "Some(8) : Option<&u32>"],
      ["numbers.iter().sum()", "20 : u32"],
      ["numbers.iter().rev().take(2)", "[8, 5] : [u32; 2]"],
      ["path.first().unwrap().x", "0 : i32"],
      ["matrix[1].contains(&5)", "true : bool"],
      ["ring.front()", "Some(2) : Option<&i8>"],
      ['words.contains(&"two")', "true : bool"],
      ["words.get(0).unwrap().len()", "3 : usize"],
      ['map.contains_key("answer")', "true : bool"],
      ['map.get("answer")', "Some(42) : Option<&i32>"],
      ['map.get("no")', "None : Option<&i32>"],
      ["tree.get(&2)", "Some('b') : Option<&char>"],
      ["tree.keys()", "[1, 2] : [u8; 2]"],
      ["tree.values()", "['a', 'b'] : [char; 2]"],
      ["numbers.push(1)", /^8: an expression only reads/],
      ["numbers.iter().map(|x| x)", "19: an expression only reads: it cannot run closures"],
    ]);
    check("rust-containers", "maps", [
      ['words.contains("fig")', "true : bool"],
      ["primes.contains(&8)", "false : bool"],
      ['ages.get("k1").unwrap() + 1', "2 : u32"],
    ]);
  });

  it("of texts", () => {
    check("rust-shapes", "compounds", [
      ['text.starts_with("gr")', "true : bool"],
      ["text.chars().count()", "5 : usize"],
      ["text.chars().nth(2)", "Some('ö') : Option<char>"],
      ["text.as_bytes()", "[103, 114, 195, 182, 195, 159, 101] : [u8; 7]"],
      ['text.find("ß")', "Some(4) : Option<usize>"],
      ["text.contains('ö')", "true : bool"],
      ['"  a b\\n".trim()', '"a b" : &str'],
      ['owned.ends_with("string")', "true : bool"],
      ['"AbC".eq_ignore_ascii_case("aBc")', "true : bool"],
      ['"a\\r\\nb\\n".lines()', '["a", "b"] : [&str; 2]'],
    ]);
  });

  it("of options, results, cells and shared pointers", () => {
    check("rust-shapes", "enums", [
      ["something.unwrap_or(3)", "-5 : i64"],
      ["nothing.unwrap_or(3)", "3 : i32"],
      ["nothing.unwrap()", "8: it is None: unwrap would panic"],
      ['wrong.expect("why")', /^6: it is Err\("wrong"\): expect would panic$/],
      ["wrong.err()", 'Some("wrong") : Option<String>'],
      ["fine.ok()", "Some(3) : Option<u8>"],
      ["Some(3).is_some()", "true : bool"],
    ]);
    check("rust-containers", "pointers", [
      ["Rc::strong_count(&count)", "2 : usize"],
      ["Rc::weak_count(&count)", "1 : usize"],
      ["Rc::ptr_eq(&count, &_again)", "true : bool"],
      ["observer.upgrade()", "Some(5) : Option<Rc<u32>>"],
      ["expired.upgrade()", "None : Option<Rc<u32>>"],
      ["read.borrow()", "6 : i32"],
      ["written.borrow()", "8: it is borrowed mutably: borrow would panic"],
      ["tree.borrow().len()", "2 : usize"],
      ["count.pow(2)", "25 : u32"],
    ]);
    check("rust-containers", "cells", [
      ["once.get()", "None : Option<&u32>"],
      ["once_set.get()", "Some(8) : Option<&u32>"],
      ["counter.load(Ordering::Relaxed)", "77 : usize"],
      ["nonzero_signed.unwrap().get()", "-9 : i16"],
    ]);
    check("rust-shapes", "compounds", [
      ["rect.clone()", /^5: Rect has no clone\(\)/],
      ["owned.clone()", '"an owned string" : String'],
      ["tuple.0.pow(2)", "49 : u8"],
      ["tuple.0.checked_sub(8)", "None : Option<u8>"],
    ]);
  });
});

describe("functions of C's library", () => {
  it("compute what they would, of the crashed program's memory", () => {
    check("c-shapes-o0-dwarf5", "compounds", [
      ["strlen(text)", "13 : unsigned long"],
      ["strlen(word)", "5 : unsigned long"],
      ["strnlen(text, 4)", "4 : unsigned long"],
      ['strlen("abc")', "3 : unsigned long"],
      ['strcmp(text, "a longer text")', "0 : int"],
      ['strcmp(text, "b") < 0', "1 : int"],
      ['strncmp(word, "help", 3) == 0', "1 : int"],
      ['memcmp(word, "hellx", 5) < 0', "1 : int"],
      ["strchr(text, 'l') - text", "2 : long"],
      ["strchr(text, 'q') == NULL", "1 : int"],
      ["word[strlen(word) - 1]", "111 'o' : char"],
      ["strlen(nothing)", "<unavailable: null pointer>"],
      ["strlen(3)", "6: a pointer is expected here, not int"],
      ["strlen(text, 1)", "6: strlen takes 1 operand, not 2"],
      ["multiply(1, 2)", "8: an expression only reads: it cannot call functions"],
      ["operation(1, 2)", "9: an expression only reads: it cannot call functions"],
      ["std::max(1, 2)", /cannot call functions$/],
    ]);
  });
});

describe("reads of C++'s library", () => {
  it("of texts and sequences", () => {
    check("cpp-containers", "text", [
      ["small.substr(1, 2)", '"ab" : std::string'],
      ['small.substr(1, 2) == "ab"', "true : bool"],
      ['small.find("be")', "2 : unsigned long"],
      ['small.find("zz") == std::string::npos', "true : bool"],
      ['small.starts_with("la")', "true : bool"],
      ["small.substr(9)", "6: the text has 5 characters: substr would throw"],
      ["std::strlen(small.c_str())", "5 : unsigned long"],
      ["words.at(1)", '"two" : std::string'],
      ["words.at(7)", "6: there are 3 elements: at would throw"],
    ]);
    check("cpp-containers", "sequences", [
      ["numbers.at(1)", "2 : int"],
      ["std::max(numbers[0], numbers[1])", "2 : int"],
      ["std::min(1, 2.5)", /^8: .* are two types/],
      ["std::get<1>(four)", "3 : int"],
      ["std::size(four)", "4 : unsigned long"],
      ["flags.at(1)", "false : bool"],
      ["std::sort(numbers)", "9: an expression only reads: it cannot call functions"],
      ["numbers.push_back(1)", "8: an expression only reads: it cannot call functions"],
    ]);
  });

  it("of maps, sets, tuples, variants and optionals", () => {
    check("cpp-containers", "trees", [
      ['ages.count("bob")', "1 : unsigned long"],
      ['ages.contains("zed")', "false : bool"],
      ['ages.at("carol")', "35 : int"],
      ['ages.at("zed")', /has no such key: at would throw$/],
      ['ages.find("bob") == ages.end()', "false : bool"],
      ['ages.end() == ages.find("zed")', "true : bool"],
      ['ages.find("bob")->second', "28 : int"],
      ["unique.contains(20)", "true : bool"],
      ["repeated.count(2)", "2 : unsigned long"],
      ['lookup.at("key")', "42 : int"],
    ]);
    check("cpp-containers", "holders", [
      ["std::get<1>(triple)", '"two" : std::string'],
      ["std::get<0>(pair)", "112 'p' : char"],
      ["std::get<double>(number)", "2.75 : double"],
      ["std::get<int>(number)", "13: it holds another alternative: get would throw"],
      ["std::holds_alternative<double>(number)", "true : bool"],
      ["std::holds_alternative<int>(number)", "false : bool"],
      ["std::holds_alternative<char>(words)", "28: char is none of the variant's alternatives"],
      ["some.value_or(3)", /^5 : /],
      ["some == 5 && 4 != some && no_number == std::nullopt", "true : bool"],
      ["no_number == 0", "false : bool"],
      ['some_text == std::string("inside")', "true : bool"],
      ["no_number.value_or(3)", "3 : int"],
      ["dynamic_cast<void *>(pet.get()) == pet.get()", "true : bool"],
      ["adder(1)", "5: an expression only reads: it cannot call functions"],
    ]);
  });
});

describe("reads of Zig's library", () => {
  it("compare slices, and know the ends of types", () => {
    check("zig-shapes-debug", "compounds", [
      ['std.mem.eql(u8, text, "größe")', "true : bool"],
      ["std.mem.eql(u16, numbers, slice)", "false : bool"],
      ['std.mem.startsWith(u8, text, "gr")', "true : bool"],
      ['std.mem.endsWith(u8, words[0], "ne")', "true : bool"],
      ["std.math.maxInt(u8) + 1", "256 : comptime_int"],
      ["std.math.minInt(i17)", "-65536 : comptime_int"],
      ["@as(Point, .{ .x = 1, .y = 2 }).y", "2 : i32"],
      ["Point{ .x = 1 }", /^0: what .*Point has for y is not known: write it$/],
      [".{ .x = 1 }", "0: its type has to be written in front of the braces"],
      ['std.debug.print("x", 1)', "10: an expression only reads: it cannot call functions"],
    ]);
  });
});
