/** What a grammar of syntaxes/ makes of a text, by the tokeniser that VS Code itself has. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Token {
  readonly text: string;
  /** The innermost scope: `entity.name.function.wasm-postmortem`. */
  readonly scope: string;
}

interface Grammar {
  tokenizeLine(
    line: string,
    state: unknown,
  ): { tokens: { startIndex: number; endIndex: number; scopes: string[] }[]; ruleStack: unknown };
}

const folder = join(__dirname, "../../../syntaxes");
const modules = join(__dirname, "../newest/node_modules/code-server/lib/vscode/node_modules");

/**
 * @param file its name in syntaxes/
 * @returns the tokens of each line of a text
 */
export async function tokeniser(file: string): Promise<(text: string) => Token[][]> {
  const load = createRequire(join(modules, "x.js"));
  const textmate = load("vscode-textmate");
  const oniguruma = load("vscode-oniguruma");
  await oniguruma.loadWASM(readFileSync(join(modules, "vscode-oniguruma/release/onig.wasm")));
  const source = readFileSync(join(folder, file), "utf8");
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(source, file),
  });
  const grammar: Grammar = await registry.loadGrammar(JSON.parse(source).scopeName);
  return (text) => {
    let state: unknown = null;
    return text.split("\n").map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens.map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex),
        scope: scopes.at(-1)!,
      }));
    });
  };
}
