#!/bin/bash
# Rebuilds pkg/ with Debian 12's rustc-web, cargo-web, rust-web-src (Rust 1.96), lld-22, and wasm-bindgen-cli 0.2.130 on
# PATH: what `worker-build --release` 0.8.7 does, which takes its tools from the network, with paths that are neutral. Its
# shim is taken from its source in cargo's registry (`cargo fetch` in a project that depends on worker-build 0.8.7).
set -euo pipefail
cd "$(dirname "$0")"
target=${TARGET:-$(mktemp -d)}
glue=$(mktemp -d)
trap 'rm -rf "$glue"' EXIT
commit=$(/usr/bin/rustc -vV | sed -n 's/commit-hash: //p')
PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$target RUSTFLAGS="
  --remap-path-prefix=$PWD=/build
  --remap-path-prefix=/usr/src/rustc-1.96.0=/rustc/$commit
  --remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc/$commit
  --remap-path-prefix=$HOME/.cargo=/cargo
  -C linker=/usr/lib/llvm-22/bin/wasm-ld -C link-arg=--build-id" \
  /usr/bin/cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
wasm-bindgen --target module --out-name index --no-typescript --keep-debug --out-dir "$glue" \
  --experimental-reset-state-function --force-enable-abort-handler \
  "$target/wasm32-unknown-unknown/release/prices.wasm"
handler='Entrypoint.prototype.fetch = function fetch (arg) {\n  return exports.fetch.call(this, arg, this.env, this.ctx);\n}'
sed "s/^\\\$HANDLERS/$handler/" "$HOME"/.cargo/registry/src/*/worker-build-0.8.7/src/js/shim.js >"$glue/shim.js"
sed -i 's/^import source wasmModule/import wasmModule/' "$glue/index.js"
rm -rf pkg
../../node_modules/.bin/esbuild "$glue/shim.js" --bundle --minify --format=esm --external:./index_bg.wasm \
  '--external:cloudflare:*' --outfile=pkg/index.js
cp "$glue/index_bg.wasm" pkg/
