/**
 * `npm run fidelity [-- --without-lldb]`: judges every variable of every fixture and writes docs/FIDELITY.md.
 *
 * LLDB comes as the npm package @vscode/dwarf-debugging (57 MB), which is installed into .cache/fidelity when it is
 * not there. Without it the document's part beside LLDB stays as it was.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { besideLldb, fidelityDocument } from "./document";
import { judgedFixtures, type Surveyed, survey } from "./survey";
import { faultsOf } from "./table";

export const documentPath = join(__dirname, "../../docs/FIDELITY.md");

async function main(): Promise<void> {
  const surveyed: Surveyed[] = [];
  for (const fixture of judgedFixtures) surveyed.push(await survey(fixture));
  const before = readFileSync(documentPath, "utf8");
  writeFileSync(documentPath, fidelityDocument(surveyed, besideLldb(before)));
  const faults = surveyed.flatMap(faultsOf);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
