/** Puts the debug information of an ELF file into custom sections of an empty Wasm module: wrap.ts ELF MODULE. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteWriter } from "../../../../engine/bytes/writer";

const [elf = "", module = ""] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "wrap-"));
const listed = execFileSync("llvm-readelf-22", ["--section-headers", elf], { encoding: "utf8" });
const names = [...listed.matchAll(/ (\.debug_\w+) /g)].map(([, name]) => name!);
for (const name of names)
  execFileSync("llvm-objcopy-22", [`--dump-section=${name}=${join(folder, name)}`, elf, "/dev/null"]);
const out = new ByteWriter().u32(0x6d736100).u32(1);
for (const name of readdirSync(folder)) {
  const content = new ByteWriter()
    .name(name)
    .bytes(readFileSync(join(folder, name)))
    .finish();
  out.u8(0).uleb(content.length).bytes(content);
}
writeFileSync(module, out.finish());
rmSync(folder, { recursive: true });
