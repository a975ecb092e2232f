/**
 * Build ids (WebAssembly/tool-conventions, BuildId.md) as a rewriter makes them, for modules whose linker wrote none.
 */
import type { ByteSource } from "../bytes/source";
import { ByteWriter } from "../bytes/writer";
import type { WasmModule } from "../wasm/module";
import { customSection, isCustom, type ModulePart } from "./module-parts";
import { chunksOf } from "./pieces";

/** A hash that is being computed, such as node:crypto's. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** The name space of our ids: another tool's id of the same bytes is another id. */
const NAMESPACE = "2fe4a759c7874b90aecea42b8e0cf047";

/**
 * The id of a module that has none, in lower-case hex: a name-based UUID (RFC 9562 §5.5), as wasm-ld's are. The name is
 * the whole file, since programs of different sources must differ even where their code is the same: their debug
 * information does.
 * @param sha1 a new SHA-1
 */
export function deriveBuildId(source: ByteSource, sha1: Digest): string {
  sha1.update(bytesOf(NAMESPACE));
  for (const chunk of chunksOf(source, [{ start: 0, end: source.size }])) sha1.update(chunk);
  const id = sha1.digest().slice(0, 16);
  id[6] = (id[6]! & 0x0f) | 0x50; // version 5
  id[8] = (id[8]! & 0x3f) | 0x80; // variant of the RFC
  return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The section that carries an id given in hex. */
export function buildIdSection(buildId: string): Uint8Array {
  const id = bytesOf(buildId);
  return customSection("build_id", new ByteWriter().uleb(id.length).bytes(id));
}

/** The id of a module that is rewritten: in the new module it is the same. */
export interface Identity {
  readonly buildId: string;
  /** The section to add, where the module does not have the id yet. */
  readonly section: Uint8Array | undefined;
  /** Whether a section of the module gives way to it: one without an id in it. */
  replaces(part: ModulePart): boolean;
}

/** The id that the module has, as its linker wrote it; else a new one. */
export function identify(module: WasmModule, source: ByteSource, sha1: () => Digest): Identity {
  const { buildId } = module;
  if (buildId !== undefined && buildId !== "") return { buildId, section: undefined, replaces: () => false };
  const derived = deriveBuildId(source, sha1());
  return {
    buildId: derived,
    section: buildIdSection(derived),
    replaces: (part) => isCustom(part, "build_id"),
  };
}

/** The name of the file that keeps a module's debug information. */
export const debugFileName = (buildId: string): string => `debug-${buildIdText(buildId)}.wasm`;

/** An id as it stands in file names: one of 16 bytes as a UUID, of any other length in plain hex. */
export function buildIdText(buildId: string): string {
  const uuid = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(buildId);
  return uuid === null ? buildId : uuid.slice(1).join("-");
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (digits) => Number.parseInt(digits, 16));
