/** Expressions as Zig reads them: its own operators, widths, optionals, enumerators and pointers. */
import { describe, it } from "mocha";
import { check } from "./table";

for (const name of ["zig-shapes-debug", "zig-shapes-releasesafe"]) {
  describe(`expressions of Zig in ${name}`, () => {
    it("unwrap optionals, and compare them as they are", () => {
      check(name, "choices", [
        ["some.?", "-5 : i32"],
        ["some.? + 10", "5 : i32"],
        ["null_int.?", "8: it is null: .? would panic"],
        ["null_int orelse 3", "3 : comptime_int"],
        ["some orelse 3", "-5 : i32"],
        ["some == -5", "true : bool"],
        ["some == null", "false : bool"],
        ["null_int == null", "true : bool"],
        ["null_pointer == null", "true : bool"],
        ["some_pointer != null", "true : bool"],
        ["some_pointer.?.*", "13 : u32"],
        ["some_text.?.len", "8 : usize"],
        ["mood.?", "0: zig-shapes.Mood is no optional"],
      ]);
    });

    it("compare with enumerators, and with the fields of tagged unions", () => {
      check(name, "choices", [
        ["mood == .angry", "true : bool"],
        ["mood != .calm", "true : bool"],
        ["mood == .nope", "8: zig-shapes.Mood has no .nope"],
        ["Mood.angry == mood", "true : bool"],
        ["circle == .circle", "true : bool"],
        ["circle == .line", "false : bool"],
        // Zig 0.11 writes the enumerator's −7 as 7: what the program would say cannot be told.
        ["code == .low", /^<unavailable: /],
        ["sizeof(Point)", "8 : usize"],
      ]);
    });
  });
}

describe("expressions of Zig", () => {
  const name = "zig-shapes-debug";
  it("compute in the widths of Zig's types, where nothing is promoted", () => {
    check(name, "choices", [
      ["values[0] + 250", "10: 10 + 250 overflows u8"],
      ["values[0] +% 250", "4 : u8"],
      ["values[0] +| 250", "255 : u8"],
      ["values[0] -| 250", "0 : u8"],
      ["~values[0]", "245 : u8"],
      ["values[1] << 4", "64 : u8"],
      ["target & 1 == 1", "true : bool"],
      ["values[0] + target", "23 : u32"],
      ["some.? + target", /has no meaning$/],
      ["-7 / values[0]", /^\d+: /],
      ["values[2] / 7", "4 : u8"],
      ["if (some == -5) target else 0", "13 : u32"],
      ["some == -5 and !(target == 12)", "true : bool"],
      ["'λ'", "955 : comptime_int"],
    ]);
  });

  it("follow pointers by .* and by the dot itself, and index what they point at", () => {
    check(name, "pointers", [
      ["pointer.*", "13 : u32"],
      ["pointer.* * 2", "26 : u32"],
      ["double.*.* + 1", "14 : u32"],
      ["first.next.?.value", "2 : u32"],
      ["first.next.value", "2 : u32"],
      ["first.next.?.next.?.next", /^null/],
      ["array[2]", "1 : i32"],
      ["array.*[0]", "-1 : i32"],
      ["array.len", "3 : usize"],
      // Zig 0.11 describes variables of a file without their place.
      ["visits", /^<unavailable: .* : u32$/],
    ]);
  });

  it("are unavailable where an operand is", () => {
    check("zig-shapes-releasesafe", "choices", [["values[0] + 1", /^<unavailable: optimized out/]]);
  });
});
