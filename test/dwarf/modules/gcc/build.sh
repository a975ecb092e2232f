#!/bin/bash
# Debug information as GCC 12 and dwz 0.15 write it, in the sections of a Wasm module without code: call sites with
# their arguments, entry values, implicit pointers, typed operations, imported and partial units. No compiler for Wasm
# writes these. Needs gcc, g++, dwz and llvm-22 of Debian 12. Run it in this folder.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# build NAME COMPILER FLAG…: -fno-ipa-ra, since GCC would else describe an argument by the register that still has it.
build() {
  local name=$1 compiler=$2
  shift 2
  "$compiler" -O2 -fno-ipa-ra -nostdlib -static -Wl,--entry=0 -fno-asynchronous-unwind-tables -fcf-protection=none \
    -ffile-prefix-map="$PWD"=/build "$@" one.c two.c -o "$scratch/$name"
}

wrap() {
  node --no-warnings --import "$(cd ../../../.. && pwd)/node_modules/tsx/dist/loader.mjs" wrap.ts "$scratch/$1" "../$1.wasm"
}

build gcc gcc -gdwarf-5
build gcc-types g++ -x c++ -gdwarf-4 -fdebug-types-section
dwz -o "$scratch/gcc-dwz" "$scratch/gcc"
for name in gcc gcc-types gcc-dwz; do wrap "$name"; done
