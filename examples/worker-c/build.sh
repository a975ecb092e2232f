#!/bin/sh
# wrangler's build command: compiles the program and makes of it the module to ship and the debug file. Instrumented, its
# core dumps have the values of locals. `upload` puts the debug file where the service finds it.
set -e
cd "$(dirname "$0")"
mkdir -p build
${CC:-clang} --target=wasm32 -nostdlib -Wl,--no-entry -Wl,--build-id -g -O1 -ffile-prefix-map="$PWD"=/build \
  -fdebug-compilation-dir=/build src/bill.c -o build/whole.wasm
npx wasm-postmortem instrument build/whole.wasm -o build/app.wasm
rm build/whole.wasm
[ -z "$UPLOAD" ] || npx wasm-postmortem upload --bucket coredumps build/debug-*.wasm
