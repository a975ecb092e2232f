#!/bin/bash
# Builds the workloads of `npm run bench:instrument` into .cache/bench/instrument, optimised and without debug
# information, as they would be shipped: zlib, Lua and SQLite from the sources that recovery.sh and sqlite.sh have left
# in .cache/bench/work, JSON in C++, and Rust with its library built from source.
#
# Exceptions in C++ are built where Emscripten is in /opt/emscripten (test/fixtures/build-others.sh).
#
# Needs what these scripts need, and libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 rustc-web cargo-web rust-web-src.
source "$(dirname "$0")/common.sh"
out=$results/instrument
sources=$programs/instrument
mkdir -p "$out"
cd "$results/work"

# link NAME DRIVER SOURCE… -- FLAG…: a module that exports `run`.
link() {
  local name=$1 files=()
  shift
  while [[ $1 != -- ]]; do files+=("$1"); shift; done
  shift
  [[ -e $out/$name.wasm ]] && return
  PATH=/usr/bin:/bin clang-22 --target=wasm32-wasi -w -O2 -mexec-model=reactor -Wl,--strip-debug --no-wasm-opt \
    "$@" "${files[@]}" -o "$out/$name.wasm"
}

link zlib "$sources/zlib.c" zlib/{adler32,compress,crc32,deflate,infback,inffast,inflate,inftrees,trees,uncompr,zutil}.c -- -Izlib

link lua "$sources/lua.c" \
  lua/src/l{api,auxlib,baselib,code,corolib,ctype,debug,do,dump,func,gc,lex,mathlib,mem,object,opcodes,parser,state}.c \
  lua/src/l{string,strlib,table,tablib,tm,undump,utf8lib,vm,zio}.c -- -Ilua/src -Ilua '-DLUAI_THROW(L,c)=__builtin_trap()' \
  '-DLUAI_TRY(L,c,a)={a}' -Dluai_jmpbuf=int -Dl_signalT=int '-Dl_randomizePivot()=0'

link sqlite "$sources/sqlite.c" sqlite/sqlite3.c -- -Isqlite -DSQLITE_THREADSAFE=0 -DSQLITE_OS_OTHER=1 \
  -DSQLITE_OMIT_WAL -DSQLITE_OMIT_LOAD_EXTENSION

link json -x c++ "$sources/json.cpp" -- -fno-exceptions -lc++ -lc++abi

emscripten=/opt/emscripten/usr
if [[ -d $emscripten && ! -e $out/exceptions.wasm ]]; then
  PATH=$PATH:$emscripten/bin EM_EMSCRIPTEN_ROOT=$emscripten/share/emscripten EM_LLVM_ROOT=$emscripten/bin \
    EM_BINARYEN_ROOT=$emscripten python3 "$emscripten/share/emscripten/em++.py" -w -O2 -fwasm-exceptions --no-entry \
    -sSTANDALONE_WASM "$sources/exceptions.cpp" -o "$out/exceptions.wasm"
fi

if [[ ! -e $out/rust.wasm ]]; then
  rust_source=/usr/src/rustc-1.96.0
  cd "$sources/rust"
  PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_HOME=$results/work/cargo-home CARGO_TARGET_DIR=$results/work/cargo-target \
    RUSTFLAGS="-C linker=$llvm/wasm-ld -C link-self-contained=no -L native=/usr/lib/wasm32-wasi -C strip=debuginfo" \
    /usr/bin/cargo build --offline --quiet --release --target wasm32-unknown-unknown \
    -Zbuild-std=std,panic_abort -Zbuild-std-features= \
    --config 'source.crates-io.replace-with="vendored"' \
    --config "source.vendored.directory=\"$rust_source/library/vendor\""
  cp "$results/work/cargo-target/wasm32-unknown-unknown/release/workload.wasm" "$out/rust.wasm"
  rm -f "$sources/rust/Cargo.lock"
fi
ls -l "$out"
