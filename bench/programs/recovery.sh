#!/bin/bash
# Builds programs for `npm run recovery` beside the fixtures, into .cache/bench/recovery: frames.c, and SQLite when
# sqlite.sh has left its source, each at -O0 and -O2.
#
# Needs clang-22, lld-22, wasi-libc, libclang-rt-22-dev-wasm32.
source "$(dirname "$0")/common.sh"
mkdir -p "$results/recovery"

# build NAME SOURCE… -- FLAG…
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
    clang-22 --target=wasm32-wasi -w "${objects[@]}" -o "$results/work/linked.wasm" -Wl,--build-id
    mv "$results/work/linked.wasm" "$results/recovery/$name-$level.wasm"
  done
}

build frames "$programs/frames.c" --
sqlite=$results/work/sqlite
if [[ -e $sqlite/sqlite3.c ]]; then
  build sqlite "$sqlite/sqlite3.c" "$programs/sqlite-crash.c" -- -I"$sqlite" -DSQLITE_THREADSAFE=0 \
    -DSQLITE_OS_OTHER=1 -DSQLITE_OMIT_WAL -DSQLITE_OMIT_LOAD_EXTENSION
fi
ls -l "$results/recovery"
