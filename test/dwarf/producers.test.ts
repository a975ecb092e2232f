import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { endsLocationsAtSets } from "../../engine/dwarf/producers";

describe("where a compiler ends the location of a variable in a local", () => {
  it("is trusted from LLVM 17 on, whatever compiler it is in", () => {
    for (const trusted of [
      "Debian clang version 19.1.7 (3~deb12u1)",
      "clang version 17.0.1 (https://github.com/llvm/llvm-project)",
      "clang LLVM (rustc version 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball))",
      "clang LLVM (rustc version 1.73.0 (cc66ad468 2023-10-03))",
      "zig 0.12.0",
    ])
      assert.equal(endsLocationsAtSets(trusted), true, trusted);
  });

  it("is not trusted before, nor of a compiler that is not known: a local may hold another value by then", () => {
    for (const doubted of [
      "Debian clang version 16.0.6 (15~deb12u1)",
      "clang version 15.0.0",
      "clang LLVM (rustc version 1.63.0)",
      "clang LLVM (rustc version 1.72.1 (d5c2e9c34 2023-09-13))",
      "zig 0.11.0",
      "another compiler 99.1",
      undefined,
    ])
      assert.equal(endsLocationsAtSets(doubted), false, doubted);
  });
});
