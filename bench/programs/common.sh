# What the build scripts of the benchmark's programs share; they source this file.
set -euo pipefail
programs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$programs/../.." && pwd)
results=$project/.cache/bench
llvm=/usr/lib/llvm-22/bin
mkdir -p "$results/work"

# capture MODULE DUMP: runs the module to its trap and takes the core dump. A copy without debug information
# and names runs, since that moves no code and V8's inspector hands out no module of hundreds of megabytes.
capture() {
  local stripped=$results/work/stripped.wasm
  "$llvm/llvm-objcopy" --strip-debug --remove-section=name "$1" "$stripped"
  node --no-warnings --import "$project/node_modules/tsx/dist/loader.mjs" "$project/test/fixtures/capture.ts" \
    "$stripped" "$2"
  rm "$stripped"
}

# source_of PACKAGE: its source, packed, in the current folder. apt's own sources name the binaries; the same places
# have the sources, looked up in folders of our own.
source_of() {
  local apt=$results/work/apt
  mkdir -p "$apt"/{parts,lists/partial,cache/archives/partial}
  sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$apt/parts/source.sources"
  local options=(-qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/parts"
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" source --download-only "$1"
}
