// Expressions of Zig and what its compiler makes of them: each with its value and its type, a line each (build.sh).
const std = @import("std");

fn show(comptime text: []const u8, value: anytype) void {
    const T = @TypeOf(value);
    const format = switch (@typeInfo(T)) {
        .float, .comptime_float => "{s}\t{d}\t{s}\n",
        else => "{s}\t{any}\t{s}\n",
    };
    std.debug.print(format, .{ text, value, @typeName(T) });
}

pub fn main() void {
//SHOW
}
