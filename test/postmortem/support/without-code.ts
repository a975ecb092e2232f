/** A module as debuginfo-split, and the original wasm-coredump client's form, leave of it: names and debug information. */
import { ByteWriter } from "../../../engine/bytes/writer";

/** @param keep which custom sections stay */
export function withoutCode(
  module: Uint8Array,
  keep = (name: string) => name === "name" || name.startsWith(".debug_"),
): Uint8Array {
  const file = new ByteWriter().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const [name, contents] of customSections(module)) {
    if (!keep(name)) continue;
    const section = new ByteWriter().name(name).bytes(contents).finish();
    file.u8(0).uleb(section.length).bytes(section);
  }
  return file.finish();
}

/** V8's own reading of the module: it knows the sections by name. */
export function customSections(module: Uint8Array): readonly (readonly [name: string, Uint8Array])[] {
  const compiled = new WebAssembly.Module(module as Uint8Array<ArrayBuffer>);
  return NAMES.flatMap((name) =>
    WebAssembly.Module.customSections(compiled, name).map(
      (contents) => [name, new Uint8Array(contents)] as const,
    ),
  );
}

const NAMES = [
  "name",
  ..."abbrev addr aranges info line line_str loc loclists names pubnames pubtypes ranges rnglists str str_offsets types"
    .split(" ")
    .map((name) => `.debug_${name}`),
];
