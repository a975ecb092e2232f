#!/bin/bash
# Builds what is checked in of worker-c and worker-rust anew, with this project's own wasm-postmortem: after a change of a
# source, or of what `instrument` writes. Needs what test/fixtures/build.sh needs; paths in the modules are neutral.
set -euo pipefail
cd "$(dirname "$0")"
project=$(cd .. && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rust_source=/usr/src/rustc-1.96.0
commit=$(/usr/bin/rustc -vV | sed -n 's/commit-hash: //p')

# `npx wasm-postmortem` is the command line of this folder.
cat >"$scratch/npx" <<NPX
#!/bin/sh
shift
exec node --no-warnings --import "$project/node_modules/tsx/dist/loader.mjs" "$project/cli/main.ts" "\$@"
NPX
chmod +x "$scratch/npx"
export PATH=$scratch:/usr/bin:$PATH

rm -f worker-{c,rust}/build/*
CC=clang-22 worker-c/build.sh
RUSTC_BOOTSTRAP=1 CARGO_HOME=$scratch/cargo-home CARGO_TARGET_DIR=$scratch/target \
  RUSTFLAGS="-C linker=/usr/lib/llvm-22/bin/wasm-ld --remap-path-prefix=$rust_source=/rustc/$commit --remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc/$commit" \
  CARGO_FLAGS="--offline -Zbuild-std=std,panic_abort -Zbuild-std-features= --config source.crates-io.replace-with=\"vendored\" --config source.vendored.directory=\"$rust_source/library/vendor\"" \
  worker-rust/build.sh
gzip -9n worker-rust/build/debug-*.wasm
