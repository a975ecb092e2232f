/**
 * Names as a reader knows them, from names as rustc gives them to the linker.
 *
 * Clang's linker driver writes demangled names into the name section, rustc's does not (`--no-demangle`), so
 * the same section holds C++ names to be shown as they are and Rust symbols of two schemes.
 */
import { demangleLegacy } from "./rust-legacy";
import { demangleV0 } from "./rust-v0";

/** Longer symbols are shown as they are: no compiler writes them, and work must stay bounded. */
const longestSymbol = 1 << 16;

/** The hash that ends a name of the legacy scheme, where another tool demangled it and left the hash. */
const trailingHash = /(?<=.)::h[0-9a-f]{16}$/s;

/**
 * The path that a Rust symbol stands for, without hashes and crate disambiguators:
 * `_RNvCsfgHYwM92fyn_7___rustc18___rust_start_panic` is `__rustc::__rust_start_panic`.
 *
 * Never throws. What is no Rust symbol, or a malformed one, comes back as it is; a name that is demangled
 * already loses its hash only.
 */
export function demangle(symbol: string): string {
  if (symbol.length > longestSymbol) return symbol;
  return demangleV0(symbol) ?? demangleLegacy(symbol) ?? symbol.replace(trailingHash, "");
}
