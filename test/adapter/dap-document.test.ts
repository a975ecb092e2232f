import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { handlers } from "../../adapter/requests";
import { DOCUMENT, dapDocument } from "./dap-document";
import { ROWS } from "./dap-rows";

describe("docs/DAP.md", () => {
  it("is what the handlers and tests say now (npm run docs:dap)", () => {
    assert.equal(readFileSync(DOCUMENT, "utf8"), dapDocument());
  });

  it("answers every request of a row that is wanted", () => {
    const events = ["stopped", "output", "progressStart", "invalidated"];
    const answered = new Set([...handlers.map(({ command }) => command), ...events]);
    for (const { item, wanted, requests } of ROWS)
      for (const command of wanted === "no" ? [] : requests)
        assert.ok(answered.has(command), `${item}: ${command}`);
  });
});
