/**
 * What a file is, told from its bytes: a core dump, a module, or neither and why. Reads section headers and a
 * dump's own description; never code or memory.
 */
import { FormatError } from "../../engine/bytes/errors";
import { settle } from "../../engine/bytes/remote-source";
import type { ByteSource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { WasmModule } from "../../engine/wasm/module";
import { openPlain } from "../../host/decompress";
import { type Host, HostError } from "../../host/host";
import { baseName } from "./names";

export interface DumpFile {
  readonly kind: "dump";
  readonly path: string;
  /** What the dump calls its executable and modules; empty names left out. */
  readonly names: readonly string[];
  /** Of the module that ran, lower-case hex, when the producer wrote it. */
  readonly buildId: string | undefined;
}

export interface ModuleFile {
  readonly kind: "module";
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly buildId: string | undefined;
  /** Whether it has debug information, or says where it was moved to. */
  readonly hasDebugInformation: boolean;
  /** Whether it has code and debug information: what was split off into another file may not be found. */
  readonly isWhole: boolean;
}

/** Neither, with a sentence for the user that says what is wrong. */
export interface OtherFile {
  readonly kind: "other";
  readonly path: string;
  readonly why: string;
}

export type CrashFile = DumpFile | ModuleFile | OtherFile;

export async function inspect(path: string, host: Host): Promise<CrashFile> {
  try {
    const source = await openPlain(path, host);
    return await settle(() => classify(path, source));
  } catch (error) {
    if (error instanceof HostError || error instanceof FormatError) {
      return { kind: "other", path, why: error.message.replaceAll(path, baseName(path)) };
    }
    throw error;
  }
}

/** @throws FormatError when it is neither */
function classify(path: string, source: ByteSource): CrashFile {
  const module = WasmModule.open(source);
  const has = (name: string) => module.sections.some((section) => section.id === 0 && section.name === name);
  if (has("core") || has("corestack")) {
    const { executable, modules, notes } = readCoreDump(source);
    const names = [executable, ...modules.map(({ name }) => name)].filter((name) => name !== "");
    return { kind: "dump", path, names, buildId: notes.buildId };
  }
  return {
    kind: "module",
    path,
    size: source.size,
    buildId: module.buildId,
    hasDebugInformation: has(".debug_info") || has("external_debug_info"),
    isWhole: has(".debug_info") && module.codeSection !== undefined,
  };
}
