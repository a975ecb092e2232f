/** Every text of the extension can be read in another language, and German has all of them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

const ROOT = join(__dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const json = (path: string): Record<string, string> => JSON.parse(read(path));

/** Texts that the sources of the extension and its adapter hand to `vscode.l10n.t` and `@vscode/l10n`. */
function textsOfSources(): Set<string> {
  const texts = new Set<string>();
  for (const room of ["src", "adapter"]) {
    for (const name of readdirSync(join(ROOT, room), { recursive: true }) as string[]) {
      if (!name.endsWith(".ts")) continue;
      for (const [, text] of read(join(room, name)).matchAll(/(?:l10n\.|\b)t\(\s*("(?:[^"\\]|\\.)*")/g))
        texts.add(JSON.parse(text!));
    }
  }
  return texts;
}

/** `{0}`, `{1}`, commands and code in a text, which a translation must keep. */
const kept = (text: string): string[] => (text.match(/\{\d\}|`[^`]*`|\(command:[\w.-]+\)/g) ?? []).sort();

describe("texts of the extension", () => {
  it("are all in the bundle for translators, and nothing else is", () => {
    const bundle = json("l10n/bundle.l10n.json");
    assert.deepEqual(Object.keys(bundle).sort(), [...textsOfSources()].sort());
    for (const [text, same] of Object.entries(bundle)) assert.equal(text, same);
  });

  it("of the manifest are all named and used", () => {
    const used = new Set(Array.from(read("package.json").matchAll(/"%([\w.]+)%"/g), ([, key]) => key!));
    assert.deepEqual(Object.keys(json("package.nls.json")).sort(), [...used].sort());
  });

  for (const [whole, german] of [
    ["l10n/bundle.l10n.json", "l10n/bundle.l10n.de.json"],
    ["package.nls.json", "package.nls.de.json"],
  ] as const) {
    it(`are all in ${german}, with what must stay in them`, () => {
      const [texts, translated] = [json(whole), json(german)];
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(texts).sort());
      for (const [key, text] of Object.entries(texts))
        assert.deepEqual(kept(translated[key]!), kept(text), key);
    });
  }
});
