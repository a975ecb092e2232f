/**
 * A module of what is at hand, where there is no file of it: the custom sections that the program sent, and the
 * functions' names, which V8 prints in the error's stack. It has no code, so frames get names, and
 * lines only where its debug information is certain of them.
 */
import { ByteWriter } from "../engine/bytes/writer";
import { parseStackTraces } from "../engine/coredump/stack-trace/parse";
import { customSection } from "../engine/rewrite/module-parts";

/** @param stack the error's stack as the engine printed it, which gives names to functions where no section does */
export function moduleOfParts(sections: ReadonlyMap<string, Uint8Array>, stack?: string): Uint8Array {
  const file = new ByteWriter().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const [name, contents] of sections) file.bytes(customSection(name, new ByteWriter().bytes(contents)));
  if (stack !== undefined && !sections.has("name")) file.bytes(customSection("name", functionNames(stack)));
  return file.finish();
}

/** The subsection of function names (Wasm spec, "Name Section"), in the order of indices. */
function functionNames(stack: string): ByteWriter {
  const names = new Map<number, string>();
  for (const { functionIndex, functionName, module } of parseStackTraces(stack)[0]?.frames ?? [])
    if (functionIndex !== undefined && functionName !== undefined)
      names.set(functionIndex, withoutModule(functionName, module));
  const entries = [...names].sort(([a], [b]) => a - b);
  const map = new ByteWriter().uleb(entries.length);
  for (const [index, name] of entries) map.uleb(index).name(name);
  return new ByteWriter().u8(1).uleb(map.length).bytes(map.finish());
}

/** V8 writes `module.function` where the module has a name, which stands in its URL as well: `wasm://wasm/module-00091342`. */
function withoutModule(name: string, url: string): string {
  const module = /^wasm:\/\/wasm\/(.+)-[0-9a-f]{8}$/.exec(url)?.[1];
  return module !== undefined && name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name;
}
