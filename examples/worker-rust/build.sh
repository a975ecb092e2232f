#!/bin/sh
# wrangler's build command: compiles the program and makes of it the module to ship and the debug file. Instrumented, its
# core dumps have the values of locals. `upload` puts the debug file where the service finds it: with UPLOAD="--bucket
# coredumps", and "--local" besides into the state of `wrangler dev`.
set -e
cd "$(dirname "$0")"
mkdir -p build
RUSTFLAGS="-C link-arg=--build-id --remap-path-prefix=$PWD=/build $RUSTFLAGS" \
  cargo build --quiet --release --target wasm32-unknown-unknown $CARGO_FLAGS
npx wasm-postmortem instrument "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/release/app.wasm" -o build/app.wasm
[ -z "$UPLOAD" ] || npx wasm-postmortem upload $UPLOAD build/debug-*.wasm
