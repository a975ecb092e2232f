/**
 * Whose code a frame runs: the program's own, a library's, or the language runtime's. It decides which
 * frame the debugger stands at first and which ones it folds, so it is judged from where compilers and
 * package managers put sources, in one table.
 */
import type { CodeOrigin } from "./model";

const PATHS: readonly { readonly origin: CodeOrigin; readonly pattern: RegExp }[] = [
  // Rust: the standard library of rustup, of a distribution, and as rustc names it inside of itself.
  { origin: "runtime", pattern: /(^|\/)rustc(\/|-)[0-9a-f.]+\// },
  {
    origin: "runtime",
    pattern:
      /(^|\/)library\/(core|std|alloc|panic_abort|panic_unwind|test|compiler-builtins|stdarch|backtrace|portable-simd|unwind)\//,
  },
  // C and C++: wasi-libc, musl, Emscripten's system libraries, compiler-rt, libc++ and libc++abi.
  {
    origin: "runtime",
    pattern: /(^|\/)(wasi-libc|libc-top-half|libc-bottom-half|dlmalloc|compiler-rt|libunwind|musl)\//,
  },
  { origin: "runtime", pattern: /(^|\/)emscripten(-[^/]+)?\/(.*\/)?system\/(lib|include)\/|(^|\/)emsdk\// },
  {
    origin: "runtime",
    pattern:
      /(^|\/)(libcxx|libcxxabi|libc\+\+|libc\+\+abi)\/|\/include\/(wasm32-[a-z0-9-]+\/)?c\+\+\/v1\/|(^|\/)c\+\+\/v1\//,
  },
  { origin: "runtime", pattern: /\/lib\/clang\/[0-9.]+\/include\// },
  // Zig's own library and AssemblyScript's runtime.
  { origin: "runtime", pattern: /(^|\/)lib\/(std|compiler_rt)\/.*\.zig$|(^|\/)lib\/(compiler_rt|std)\.zig$/ },
  { origin: "runtime", pattern: /(^|\/)~lib\// },
  // Dependencies.
  {
    origin: "library",
    pattern:
      /(^|\/)\.cargo\/(registry|git)\/|(^|\/)(registry\/src|node_modules|third_party|vendor|cargo\/registry)\//,
  },
];

/** Functions without debug information that every toolchain links in. */
const RUNTIME_FUNCTION =
  /^(_start|__wasm_call_(c|d)tors|_initialize|__original_main|__main_void|__main_argc_argv|abort|exit|_Exit|raise|__assert_fail|__cxa_\w+|malloc|free|calloc|realloc|dlmalloc|dlfree|sbrk|mem(cpy|set|move|cmp)|__(rust|rdl|rg)_\w+|rust_(panic|begin_unwind|eh_personality)\w*|__stack_chk_fail|__trap|_ZNSt9terminatev|_ZSt9terminatev|(core|std|alloc|__rustc)::.*|~lib\/.*)(\.command_export)?$/;

/** @param path the path as the line table composes it */
export function originOfPath(path: string): CodeOrigin {
  const normal = path.replaceAll("\\", "/");
  for (const { origin, pattern } of PATHS) if (pattern.test(normal)) return origin;
  return "program";
}

/**
 * For a function that no debug information describes.
 * @param moduleHasDebugInfo whether the module's other functions have some: then this one was linked in from
 *   a library that was built without
 */
export function originOfUndescribed(
  functionName: string | undefined,
  moduleHasDebugInfo: boolean,
): CodeOrigin {
  if (moduleHasDebugInfo) return "runtime";
  return functionName !== undefined && RUNTIME_FUNCTION.test(functionName) ? "runtime" : "program";
}
