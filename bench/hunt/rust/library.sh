#!/bin/bash
# Builds Rust's standard library with debug information, as programs that are built with `-Zbuild-std` have it, into
# .cache/hunt/rust-library-debug and -release: sysroots for `npm run hunt -- --language rust`. Takes a few minutes; needs
# Debian's rustc-web, cargo-web, rust-web-src and lld-22.
set -euo pipefail
project=$(cd "$(dirname "$0")/../../.." && pwd)
vendored=/usr/src/rustc-1.96.0/library/vendor
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/src"
echo 'fn main() {}' >"$scratch/src/main.rs"
cat >"$scratch/Cargo.toml" <<'CRATE'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[profile.dev]
panic = "abort"
[profile.release]
panic = "abort"
debug = 2
CRATE
cd "$scratch"
for profile in dev release; do
  PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_HOME=$scratch/home CARGO_TARGET_DIR=$scratch/target \
    RUSTFLAGS="-C linker=/usr/lib/llvm-22/bin/wasm-ld -C link-self-contained=no -L native=/usr/lib/wasm32-wasi \
      -C link-arg=/usr/lib/wasm32-wasi/crt1-command.o" \
    /usr/bin/cargo build --offline --quiet --profile $profile --target wasm32-wasip1 \
    -Zbuild-std=std,panic_abort -Zbuild-std-features= \
    --config 'source.crates-io.replace-with="vendored"' --config "source.vendored.directory=\"$vendored\""
  name=${profile/dev/debug}
  library=$project/.cache/hunt/rust-library-$name/lib/rustlib/wasm32-wasip1/lib
  mkdir -p "$library"
  cp "$scratch/target/wasm32-wasip1/$name/deps"/lib*.rlib "$library"
done
