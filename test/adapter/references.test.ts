import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { base64 } from "../../adapter/presentation/base64";
import {
  codeReference,
  memoryReference,
  parseCodeReference,
  parseMemoryReference,
} from "../../adapter/presentation/references";
import { address, fileOffset } from "../../engine/bytes/offsets";

describe("references to memory and to code", () => {
  it("reads addresses in hexadecimal and decimal, up to memory64's", () => {
    assert.equal(parseMemoryReference("0x10A4").at, 0x10a4);
    assert.equal(parseMemoryReference(" 4260 ").at, 4260);
    assert.equal(parseMemoryReference(memoryReference(address(2 ** 52))).at, 2 ** 52);
  });

  it("does not take an instruction's place for data, nor data for an instruction's place", () => {
    const code = codeReference(0, fileOffset(0x123));
    assert.throws(() => parseMemoryReference(code), /place of an instruction/);
    assert.throws(() => parseCodeReference("0x123"), /not the place of an instruction/);
  });

  it("keeps modules and offsets apart, and in order for a client that does arithmetic", () => {
    for (const [moduleId, offset] of [
      [0, 0],
      [3, 0xffff_ffff],
      [1, 0x123],
    ] as const) {
      assert.deepEqual(parseCodeReference(codeReference(moduleId, fileOffset(offset))), { moduleId, offset });
    }
    assert.equal(BigInt(codeReference(0, fileOffset(8))) + 4n, BigInt(codeReference(0, fileOffset(12))));
  });

  it("refuses what is no number", () => {
    for (const text of ["", "main", "-4", "0x", "1e3", "0xfffffffffffffffff"]) {
      assert.throws(() => parseMemoryReference(text), /address of linear memory|instruction/, text);
      assert.throws(() => parseCodeReference(text), /not the place/, text);
    }
  });

  it("encodes bytes as base64 of any length", () => {
    for (const length of [0, 1, 2, 3, 4, 12_287, 12_288, 12_289]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37) & 255);
      assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"), `${length} bytes`);
    }
  });
});
