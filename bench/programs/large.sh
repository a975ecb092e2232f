#!/bin/bash
# Builds a large C++ program, many translation units over nlohmann's json (large-unit.hpp), at -O0 with debug
# information, and takes the core dump of its crash deep inside one of them.
#
#   large.sh [UNITS]
#
# 12 units (the default) make .cache/bench/large-12.wasm, 158 MB with 59 MB of DWARF, in 2 minutes; 57 make
# 750 MB with 280 MB of DWARF, in 6. (What is neither DWARF nor code is the linker's name section: C++ names
# spelled out.)
#
# Needs clang-22, lld-22, llvm-22, wasi-libc, libclang-rt-22-dev-wasm32, libc++-22-dev-wasm32,
# libc++abi-22-dev-wasm32, and apt.
source "$(dirname "$0")/common.sh"
units=${1:-12}
module=$results/large-$units.wasm
dump=$results/large-$units.coredump
[[ -e $dump ]] && exit

mkdir -p "$results/work/large" && cd "$results/work/large"
if [[ ! -e json ]]; then
  apt-get -qq -o APT::Sandbox::User=root download nlohmann-json3-dev
  dpkg -x nlohmann-json3-dev_*.deb json
fi

compile() {
  [[ -e $1.o ]] || clang++-22 --target=wasm32-wasi -w -std=c++20 -fno-exceptions -O0 -g -I"$programs" \
    -Ijson/usr/include -ffile-prefix-map="$PWD"=/build -ffile-prefix-map="$programs"=/build \
    -fdebug-compilation-dir=/build -c "$1.cpp" -o "$1.o"
}

objects=()
for ((unit = 0; unit < units; unit++)); do
  cat >"unit-$unit.cpp" <<UNIT
#include "large-unit.hpp"
int unit_$unit(const std::string &text) {
  return Document<$unit, 0>::run(text) + Document<$unit, 1>::run(text) + Document<$unit, 2>::run(text) +
         Document<$unit, 3>::run(text);
}
UNIT
  compile "unit-$unit"
  objects+=("unit-$unit.o")
done

# The unit in the middle is given a list without numbers.
{
  echo '#include <string>'
  for ((unit = 0; unit < units; unit++)); do echo "int unit_$unit(const std::string &text);"; done
  cat <<'MAIN'
static std::string document(const char *scores) {
  return std::string(R"({"company": {"division": {"team": {"member": {"name": "Ada", "scores": )") + scores + "}}}}}";
}
int main() {
  const std::string good = document("[3, 4, 5]"), bad = document(R"(["none", "yet"])");
  int sum = 0;
MAIN
  for ((unit = 0; unit < units; unit++)); do
    ((unit == units / 2)) && text=bad || text=good
    echo "  sum += unit_$unit($text);"
  done
  echo '  return sum;'
  echo '}'
} >main.cpp
rm -f main.o
compile main

clang++-22 --target=wasm32-wasi -w main.o "${objects[@]}" -o "$module" -lc++ -lc++abi -Wl,--build-id
capture "$module" "$dump"
ls -l "$results/large-$units".*
