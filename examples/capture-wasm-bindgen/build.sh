#!/bin/bash
# Rebuilds pkg/ with Debian 12's rustc-web, cargo-web, rust-web-src (Rust 1.96), lld-22, and wasm-bindgen-cli 0.2.130 on PATH.
set -euo pipefail
cd "$(dirname "$0")"
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
commit=$(/usr/bin/rustc -vV | sed -n 's/commit-hash: //p')
PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$target RUSTFLAGS="
  --remap-path-prefix=$PWD=/build
  --remap-path-prefix=/usr/src/rustc-1.96.0=/rustc/$commit
  --remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc/$commit
  --remap-path-prefix=$HOME/.cargo=/cargo
  -C linker=/usr/lib/llvm-22/bin/wasm-ld -C link-arg=--build-id" \
  /usr/bin/cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
wasm-bindgen --target web --keep-debug --no-typescript --out-dir pkg \
  "$target/wasm32-unknown-unknown/release/prices.wasm"
