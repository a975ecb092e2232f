/**
 * `npm run fidelity [-- --without-lldb]`: judges every variable of every fixture and writes docs/FIDELITY.md.
 *
 * LLDB comes as the npm package @vscode/dwarf-debugging (57 MB), which is installed into .cache/fidelity when it is
 * not there. Without it the document's part beside LLDB stays as it was.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { besideLldb, fidelityDocument } from "./document";
import { Lldb } from "./lldb";
import { besidePeer } from "./peer";
import { judgedFixtures, type Surveyed, survey } from "./survey";
import { faultsOf } from "./table";

const documentPath = join(__dirname, "../../docs/FIDELITY.md");

async function main(): Promise<void> {
  const surveyed: Surveyed[] = [];
  for (const fixture of judgedFixtures) surveyed.push(await survey(fixture));
  const faults = surveyed.flatMap(faultsOf);
  let beside = besideLldb(readFileSync(documentPath, "utf8"));
  if (!process.argv.includes("--without-lldb")) {
    const peer = await besidePeer(Lldb.install(join(__dirname, "../../.cache/fidelity")), surveyed);
    beside = peer.text;
    if (peer.unexplained > 0) faults.push(`${peer.unexplained} differences from LLDB are not explained`);
  }
  writeFileSync(documentPath, fidelityDocument(surveyed, beside));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
