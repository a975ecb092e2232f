/**
 * `run.ts [SCRIPT [VARIANT…]]`: the specification's test suite through `instrument`, or those of its scripts whose path
 * has SCRIPT in it. Prints what differs between the modules as they are and instrumented; test/rewrite/spec/README.md.
 *
 * A process of its own: the engine's flags for what it does not do unasked would be other tests' too.
 */
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { compare, VARIANTS, type Variant } from "./compare";

for (const feature of ["memory64", "relaxed-simd", "extended-const"])
  setFlagsFromString(`--experimental-wasm-${feature}`);

const folder = join(__dirname, "../../../.cache/spec");
const [only = "", ...given] = process.argv.slice(2);
const variants = given.length > 0 ? (given as Variant[]) : (Object.keys(VARIANTS) as Variant[]);
console.log(JSON.stringify(compare(folder, variants, only), null, 2));
