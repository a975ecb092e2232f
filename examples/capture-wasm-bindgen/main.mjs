// The same in Node, `node main.mjs`: the trap ends the program, as it does without, and leaves prices.coredump.
import { readFileSync, writeFileSync } from "node:fs";
import { whenCrashed } from "./capture.mjs";
import { initSync, price } from "./pkg/prices.js";

const folder = process.argv[2] ?? ".";
whenCrashed((dump) => writeFileSync("prices.coredump", dump.bytes()));
initSync({ module: new WebAssembly.Module(readFileSync(`${folder}/pkg/prices_bg.wasm`)) });
console.log(await price(1));
console.log(await price(7));
