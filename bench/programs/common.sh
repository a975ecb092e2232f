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
