#!/usr/bin/env bash
# Asks the compilers what the expressions beside this script are: writes *.tsv, which the tests compare with.
#
#   apt-get install clang-22 lld-22 wasi-libc libclang-rt-22-dev-wasm32 libc++-22-dev-wasm32 libc++abi-22-dev-wasm32
#   rustc: any of 1.85 or newer, for the machine itself; ZIG: a zig of 0.14
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# run MODULE: its output, under Node's WASI.
run() {
  node --no-warnings -e '
    const { WASI } = require("wasi");
    const wasi = new WASI({ version: "preview1" });
    const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
    wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));' "$1"
}

clang-22 --target=wasm32-wasi -std=gnu23 -w "$here/expressions.c" -o "$scratch/c.wasm"
run "$scratch/c.wasm" > "$here/c.tsv"
clang++-22 --target=wasm32-wasi -std=c++23 -w -fno-exceptions "$here/expressions.cpp" -o "$scratch/cpp.wasm"
run "$scratch/cpp.wasm" > "$here/cpp.tsv"
rustc --edition 2021 -A warnings -A overflowing_literals -A arithmetic_overflow -A unconditional_panic "$here/expressions.rs" -o "$scratch/rust"
"$scratch/rust" > "$here/rust.tsv"
cd "$scratch"
# Each line of the list is shown beside its own text.
sed -e 's/["\\]/\\&/g' "$here/expressions.zig.txt" | paste -d '\t' - "$here/expressions.zig.txt" |
  sed -e 's/^\(.*\)\t\(.*\)$/    show("\1", \2);/' > shows
sed -e '/\/\/SHOW/{r shows' -e 'd}' "$here/expressions.zig" > expressions.zig
"${ZIG:-zig}" build-exe expressions.zig -target wasm32-wasi --name zig
run zig.wasm 2> "$here/zig.tsv"
