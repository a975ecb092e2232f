#!/bin/sh
# Builds the modules that the DWARF reader is compared with llvm-dwarfdump on: the same two units in each of
# the encodings that clang 22 writes for Wasm. Needs clang-22 and lld-22. Run it in this folder.
set -e

build() {
  name=$1
  target=$2
  shift 2
  options="--target=$target -ffreestanding -ffile-prefix-map=$PWD=/build"
  # shellcheck disable=SC2086
  clang++-22 $options -std=c++17 -fno-exceptions -fno-rtti "$@" -c shapes.cc -o shapes.o
  # shellcheck disable=SC2086
  clang-22 $options "$@" -c plain.c -o plain.o
  if [ "$target" = wasm64 ]; then memory=-mwasm64; else memory=-mwasm32; fi
  wasm-ld-22 $memory --no-entry --export=run --export=total --allow-undefined shapes.o plain.o -o "$name.wasm"
  rm shapes.o plain.o
}

build dwarf2 wasm32 -gdwarf-2 -O1
build dwarf3 wasm32 -gdwarf-3 -O2
build dwarf4-aranges wasm32 -gdwarf-4 -O0 -gdwarf-aranges
build dwarf4-types wasm32 -gdwarf-4 -O2 -fdebug-types-section
build dwarf5 wasm32 -gdwarf-5 -O0
build dwarf5-types wasm32 -gdwarf-5 -O2 -fdebug-types-section
build dwarf5-source wasm32 -gdwarf-5 -O1 -gembed-source -gdwarf-aranges
build dwarf5-wasm64 wasm64 -gdwarf-5 -O2
build dwarf4-wasm64 wasm64 -gdwarf-4 -O1
