/**
 * The functions that run after a program has found out that something is wrong, and before it traps. The
 * crash lies below the oldest of them, wherever their sources are.
 */
const MACHINERY = [
  // Rust: core::panicking and what it calls; helpers that only panic. `catch_unwind`, `try` in older
  // releases, is of the same module, and runs the program.
  /^(core|std)::panicking::(?!(r#)?try\b|catch_unwind\b)/,
  /^(core::option|core::result)::(unwrap_failed|expect_failed)/,
  /^core::(slice|str)::(index::)?\w*(_fail|_fail_rt|fail)$/,
  /^(rust_begin_unwind|__rustc::rust_begin_unwind|rust_panic|__rust_start_panic|__rustc::__rust_start_panic)$/,
  /^(std::process::abort|std::alloc::rust_oom|alloc::alloc::handle_alloc_error)/,
  // C and C++.
  /^(abort|__assert_fail|__assert|__assert_rtn|raise|__cxa_throw|__cxa_rethrow|__cxa_pure_virtual|__abort_message|abort_message)$/,
  /^(std::terminate\(\)|std::terminate|std::__terminate.*|_ZSt9terminatev|__stack_chk_fail)$/,
  /^std::(__\d+|__2)?::?(__libcpp_verbose_abort|__throw_\w+).*/,
  // Zig and AssemblyScript.
  /^((std\.)?(builtin|debug)\.)?(default_panic|defaultPanic|panicExtra|panicImpl|panicOutOfBounds)$/,
  /^~lib\/builtins\/abort/,
];

export function isCrashMachinery(fullName: string): boolean {
  return MACHINERY.some((pattern) => pattern.test(fullName));
}
