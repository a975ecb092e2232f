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
        ["null_int orelse 3", "3 : i32"],
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
  it("know errors by their names, and go on without them", () => {
    check(name, "choices", [
      ["failed", "error.Overflow : error{Empty,Overflow,NotFound,Denied}!u8"],
      ["any", "error.Denied : anyerror"],
      ["reason", "error.NotFound : anyerror"],
      ["failed == error.Overflow", "true : bool"],
      ["any != error.Denied", "false : bool"],
      ["parsed == error.Overflow", "false : bool"],
      ["failed catch 5", "5 : u8"],
      ["parsed catch 5", "7 : u8"],
      ["try parsed", "7 : u8"],
      ["try failed", "4: it is error.Overflow: try would return it"],
      ["@errorName(any)", '"Denied" : [:0]const u8'],
      ["@intFromError(any)", "4 : u16"],
      ["null_int orelse unreachable", "16: the program would have panicked: this is unreachable"],
      ["mood == error.Denied", "8: zig-shapes.Mood is no error"],
    ]);
  });

  it("convert by its builtins, where they are told into what", () => {
    check(name, "choices", [
      ["@as(u8, @intCast(target))", "13 : u8"],
      ["@as(u3, @intCast(target))", "8: @intCast(13) overflows u3"],
      ["@intCast(target)", "0: write @as(T, @intCast(…)): the type that is wanted is not told here"],
      ["@as(u8, target)", "8: u32 is not taken for u8 by itself"],
      ["@as(*u32, @ptrFromInt(@intFromPtr(some_pointer.?))).*", "13 : u32"],
      ["@as(Mood, @enumFromInt(1))", ".happy : zig-shapes.Mood"],
      ["@as(Mood, .angry) == mood", "true : bool"],
      ["@intFromEnum(mood)", /^2 : u/],
      ["@tagName(line)", '"line" : [:0]const u8'],
      ['@field(line, "line").to.y', "4 : i32"],
      ['@offsetOf(Point, "y") + @sizeOf(Point)', "12 : comptime_int"],
      ["@typeName(@TypeOf(values[0]))", '"u8" : *const [2:0]u8'],
      ["@min(values[0], values[1])", "10 : u8"],
      ["values.ptr[0..2]", "{10, 20} : [2]u8"],
      ['@"some".?', "-5 : i32"],
      ["@panic(values)", "0: @panic is none of the builtins that only read"],
    ]);
  });

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
