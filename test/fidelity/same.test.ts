/** Values that are the same in our words and in those of LLDB's host, and values that are not. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Remote } from "../../bench/fidelity/lldb";
import { isSameText } from "../../bench/fidelity/same";
import type { Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";

const ours = (text: string, size = 4): Value => ({
  text: () => text,
  typeName: undefined,
  missing: undefined,
  address: undefined,
  size,
  target: undefined,
  provenance: "recorded",
  children: undefined,
});

const theirs = (type: Remote["type"], value: unknown): Remote => ({ type, value, hasChildren: false });

const isSame = (text: string, remote: Remote, size?: number): boolean =>
  isSameText(ours(text, size), remote, "*", {} as Frame);

describe("A value beside LLDB's", () => {
  it("is the same number in another form, and no other number", () => {
    assert.ok(isSame("-5", theirs("number", -5)));
    assert.ok(isSame("-9223372036854775808", theirs("bigint", -(2n ** 63n)), 8));
    assert.ok(isSame("8e-45", theirs("number", Math.fround(8e-45))));
    assert.ok(isSame("NaN", theirs("number", Number.NaN)));
    assert.ok(isSame("-inf", theirs("number", Number.NEGATIVE_INFINITY)));
    assert.ok(isSame("true", theirs("boolean", true)));
    assert.ok(!isSame("-5", theirs("number", 5)));
    assert.ok(!isSame("0.25", theirs("number", 0.75)));
    assert.ok(!isSame("-0", theirs("number", Number.NaN)));
    assert.ok(!isSame("true", theirs("boolean", false)));
  });

  it("is the same character, whichever way LLDB's host writes it", () => {
    assert.ok(isSame("119 'w'", theirs("string", "'w'"), 1));
    assert.ok(isSame("-56 '\\xc8'", theirs("string", "'\\xc8'"), 1));
    assert.ok(isSame("955 'λ'", theirs("string", "λ")));
    assert.ok(!isSame("119 'w'", theirs("string", "'v'"), 1));
  });

  it("is the same text, as far as ours goes", () => {
    assert.ok(isSame('0x00004010 "a\\"b\\n"', theirs("string", 'a"b\n')));
    assert.ok(isSame('"nnnn…"', theirs("string", "nnnnnnnn")));
    assert.ok(isSame('0x00004000 "caf\\xe9"', theirs("string", "caf\ufffd")));
    assert.ok(!isSame('"short"', theirs("string", "shorter")));
  });
});
