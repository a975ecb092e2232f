#!/bin/bash
# Builds programs for `npm run recovery` beside the fixtures, into .cache/bench/recovery, each at -O0 and -O2:
# frames.c; zlib and Lua from Debian's sources; SQLite when sqlite.sh has left its source; with exceptions, where
# Emscripten is in /opt/emscripten (test/fixtures/build-others.sh), exceptions.cpp and Lua once more, and where binaryen
# is there as well (AssemblyScript's), both in the encoding of Wasm 3.0 beside that of clang 14.
#
# Needs clang-22, lld-22, wasi-libc, libclang-rt-22-dev-wasm32, apt.
source "$(dirname "$0")/common.sh"
mkdir -p "$results/recovery"
emscripten=/opt/emscripten/usr
wasm_opt=/opt/assemblyscript/node_modules/binaryen/bin/wasm-opt

# build NAME SOURCE… -- FLAG…; with $linking for the linker.
build() {
  local name=$1 sources=() level source
  shift
  while [[ $1 != -- ]]; do sources+=("$1"); shift; done
  shift
  for level in O0 O2; do
    local objects=()
    for source in "${sources[@]}"; do
      objects+=("$results/work/$(basename "$source" .c)-$level.o")
      clang-22 --target=wasm32-wasi -w "-$level" -g -ffile-prefix-map="$results/work=/build" \
        -ffile-prefix-map="$programs=/build" -fdebug-compilation-dir=/build "$@" -c "$source" -o "${objects[-1]}"
    done
    clang-22 --target=wasm32-wasi -w "${objects[@]}" -o "$results/work/linked.wasm" -Wl,--build-id ${linking:-}
    mv "$results/work/linked.wasm" "$results/recovery/$name-$level.wasm"
  done
}

# throwing NAME SOURCE… -- FLAG…: as C++ with WebAssembly's exceptions, in their first encoding and in that of Wasm 3.0.
throwing() {
  local name=$1 sources=() level module
  shift
  while [[ $1 != -- ]]; do sources+=("$1"); shift; done
  shift
  for level in O0 O2; do
    module=$results/recovery/$name-$level.wasm
    PATH=$PATH:$emscripten/bin EM_EMSCRIPTEN_ROOT=$emscripten/share/emscripten EM_LLVM_ROOT=$emscripten/bin \
      EM_BINARYEN_ROOT=$emscripten python3 "$emscripten/share/emscripten/em++.py" -w -std=c++20 "-$level" -g \
      -fwasm-exceptions "$@" "${sources[@]}" -o "$module"
    [[ -x $wasm_opt ]] || continue
    "$wasm_opt" --all-features --translate-to-exnref -g "$module" -o "$results/recovery/$name-exnref-$level.wasm"
  done
}

# unpacked PACKAGE FOLDER: Debian's source of a package, in a folder of the one that becomes the current one.
unpacked() {
  cd "$results/work"
  [[ -d $2 ]] && return
  compgen -G "$1_*.orig.tar.*" >/dev/null || source_of "$1"
  mkdir "$2"
  tar xf "$1"_*.orig.tar.* -C "$2" --strip-components=1
}

build frames "$programs/frames.c" --
# With a memory that threads could share: the C library was not built for that, and no other thread runs.
linking="-Wl,--no-check-features,--shared-memory,--max-memory=1048576" \
  build frames-shared "$programs/frames.c" -- -matomics -mbulk-memory

unpacked zlib zlib
build zlib zlib/{adler32,crc32,deflate,infback,inffast,inflate,inftrees,trees,uncompr,zutil}.c \
  "$programs/zlib-inflate.c" -- -Izlib

# Lua throws by setjmp, which wasi-libc does not have: an error traps, unless it is built as C++.
unpacked lua5.4 lua
echo >lua/setjmp.h
lua=(lua/src/l{api,auxlib,baselib,code,corolib,ctype,debug,do,dump,func,gc,lex,mathlib,mem,object,opcodes,parser,state}.c
  lua/src/l{string,strlib,table,tablib,tm,undump,utf8lib,vm,zio}.c "$programs/lua-run.c")
build lua "${lua[@]}" -- -Ilua/src -Ilua '-DLUAI_THROW(L,c)=__builtin_trap()' '-DLUAI_TRY(L,c,a)={a}' \
  -Dluai_jmpbuf=int -Dl_signalT=int '-Dl_randomizePivot()=0'

if [[ -d $emscripten ]]; then
  throwing exceptions "$programs/exceptions.cpp" --
  throwing lua-exceptions "${lua[@]}" -- -Ilua/src
fi

cd "$results/work"
if [[ -e sqlite/sqlite3.c ]]; then
  build sqlite sqlite/sqlite3.c "$programs/sqlite-crash.c" -- -Isqlite -DSQLITE_THREADSAFE=0 \
    -DSQLITE_OS_OTHER=1 -DSQLITE_OMIT_WAL -DSQLITE_OMIT_LOAD_EXTENSION
fi
ls -l "$results/recovery"
