#!/bin/sh
# wrangler's build command: compiles the program and makes of it the module to ship and the debug file. Instrumented, its
# core dumps have the values of locals. `upload` puts the debug file where the service finds it: with UPLOAD="--bucket
# coredumps", and "--local" besides into the state of `wrangler dev`.
set -e
cd "$(dirname "$0")"
mkdir -p build
# In two steps: when it links with -O, clang runs a wasm-opt that it finds, and debug information is lost.
${CC:-clang} --target=wasm32 -g -O1 -ffile-prefix-map="$PWD"=/build -fdebug-compilation-dir=/build -c src/bill.c -o build/bill.o
${CC:-clang} --target=wasm32 -nostdlib -Wl,--no-entry -Wl,--build-id build/bill.o -o build/whole.wasm
npx wasm-postmortem instrument build/whole.wasm -o build/app.wasm
rm build/bill.o build/whole.wasm
[ -z "$UPLOAD" ] || npx wasm-postmortem upload $UPLOAD build/debug-*.wasm
