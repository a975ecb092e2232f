#!/bin/bash
# Builds SQLite from Debian's source with a program that crashes inside a query (sqlite-crash.c), at -O0 with
# debug information, and takes the core dump: .cache/bench/sqlite.wasm (about 2.5 MB) and sqlite.coredump.
#
# Needs clang-22, lld-22, llvm-22, wasi-libc, libclang-rt-22-dev-wasm32, tclsh, make, a C compiler, and apt.
source "$(dirname "$0")/common.sh"
[[ -e $results/sqlite.coredump ]] && exit

cd "$results/work"
compgen -G "sqlite3_*.orig.tar.xz" >/dev/null || source_of sqlite3
tar xf sqlite3_*.orig.tar.xz
mkdir -p sqlite && cd sqlite
../sqlite3-*/configure --quiet --disable-tcl
make --quiet sqlite3.c sqlite3.h

flags=(--target=wasm32-wasi -w -O0 -g -I. -ffile-prefix-map="$PWD"=/build -ffile-prefix-map="$programs"=/build
  -fdebug-compilation-dir=/build -DSQLITE_THREADSAFE=0 -DSQLITE_OS_OTHER=1 -DSQLITE_OMIT_WAL
  -DSQLITE_OMIT_LOAD_EXTENSION)
clang-22 "${flags[@]}" -c sqlite3.c
clang-22 "${flags[@]}" -c "$programs/sqlite-crash.c"
clang-22 --target=wasm32-wasi -w sqlite3.o sqlite-crash.o -o "$results/sqlite.wasm" -Wl,--build-id
capture "$results/sqlite.wasm" "$results/sqlite.coredump"
ls -l "$results"/sqlite.*
