import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { encodeMessage, MessageDecoder } from "./dap-framing";

const decode = (...chunks: Uint8Array[]): unknown[] => {
  const messages: unknown[] = [];
  const decoder = new MessageDecoder((message) => messages.push(message));
  for (const chunk of chunks) decoder.push(chunk);
  return messages;
};

describe("message framing", () => {
  const first = { text: "zwölf – ∞" };
  const second = { seq: 2 };

  it("gives a message back as it was, whatever characters it holds", () => {
    assert.deepEqual(decode(encodeMessage(first)), [first]);
  });

  it("does not care where the bytes are cut", () => {
    const bytes = Buffer.concat([encodeMessage(first), encodeMessage(second)]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(decode(bytes.subarray(0, cut), bytes.subarray(cut)), [first, second], `cut at ${cut}`);
    }
  });

  it("accepts other header fields", () => {
    const bytes = Buffer.from("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    assert.deepEqual(decode(bytes), [{}]);
  });

  it("refuses what is not DAP instead of waiting for ever", () => {
    assert.throws(() => decode(Buffer.from("GET / HTTP/1.1\r\n\r\n")), /no Content-Length/);
    assert.throws(() => decode(Buffer.from("x".repeat(10_000))), /has no end/);
    assert.throws(() => decode(Buffer.from("Content-Length: 3\r\n\r\n{]}")), /not JSON/);
  });
});
