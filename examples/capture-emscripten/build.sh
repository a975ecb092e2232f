#!/bin/bash
# Rebuilds pkg/ with Debian 12's Emscripten 3.1.6 (package emscripten, or its files below
# $EMSCRIPTEN), in /build: its linker rewrites paths relative to where it runs.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
root=${EMSCRIPTEN:-/opt/emscripten/usr}
mkdir -p /build
cp prices.c /build
cd /build
PATH=$PATH:$root/bin EM_EMSCRIPTEN_ROOT=$root/share/emscripten EM_LLVM_ROOT=$root/bin EM_BINARYEN_ROOT=$root \
  python3 "$root/share/emscripten/emcc.py" prices.c -o prices.mjs -O0 -g -mmutable-globals -sMODULARIZE -sEXPORT_ES6 \
  -sENVIRONMENT=web,worker -sFILESYSTEM=0 -sASSERTIONS=0 -sWASM_BIGINT -sINITIAL_MEMORY=1048576 -sTOTAL_STACK=65536 --no-entry \
  -Wl,--export=__stack_pointer
cd "$here"
mkdir -p pkg
cp /build/prices.wasm pkg
npx esbuild /build/prices.mjs --minify --format=esm --outfile=pkg/prices.mjs
