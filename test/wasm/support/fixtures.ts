/** The modules among the project's fixtures. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures");

/** Paths of all fixtures whose name ends in `suffix`, in a stable order. */
export function fixtureFiles(suffix: string): string[] {
  const files = readdirSync(fixtures, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => join(fixtures, file));
}

export const fixtureModules = (): string[] => fixtureFiles(".wasm");
