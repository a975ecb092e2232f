#!/bin/bash
# Rebuilds tables.wasm with Debian's clang-22 and lld-22.
set -euo pipefail
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
flags="--target=wasm32 -mreference-types -ffile-prefix-map=$PWD=/build"
clang-22 $flags -O0 -gdwarf-5 -c tables.c -o "$objects/tables.o"
clang-22 $flags -c swap.s -o "$objects/swap.o"
wasm-ld-22 --no-entry --export-all --export-table --growable-table --build-id "$objects/tables.o" "$objects/swap.o" -o tables.wasm
