/**
 * A module that came with its crash and has debug information: its file, or the sections that the original client sends.
 * It is the debug file of its build. Without a build id it gets one, the hash of its contents: so crashes of one build lie
 * together, and their dumps open with their lines wherever they are opened.
 */
import { attempt, FormatError } from "../engine/bytes/errors";
import { MemorySource } from "../engine/bytes/source";
import { ByteWriter } from "../engine/bytes/writer";
import { customSection } from "../engine/rewrite/module-parts";
import { WasmModule } from "../engine/wasm/module";
import { debugFileKey, isBuildId } from "../r2/layout";
import { hexOf, sha256 } from "./hash";
import { putNew, type R2Bucket } from "./platform";

export interface BroughtModule {
  readonly file: Uint8Array;
  /** The module's, or what it was given; where it says none, and the crash does, that. Lower-case hex. */
  readonly buildId: string;
}

/**
 * Undefined for what is no module, or one without debug information.
 * @param known the crash's build id, where the program or the dump tells it
 */
export async function broughtModule(
  bytes: Uint8Array | undefined,
  known: string | undefined,
): Promise<BroughtModule | undefined> {
  const module = bytes && attempt(() => WasmModule.open(new MemorySource("module", bytes)));
  if (module === undefined || module instanceof FormatError) return undefined;
  if (module.customSection(".debug_info") === undefined) return undefined;
  const { buildId = known } = module;
  if (buildId !== undefined) return isBuildId(buildId) ? { file: bytes!, buildId } : undefined;
  const id = (await sha256(bytes!)).subarray(0, 16);
  // At the end, so that nothing moves.
  const section = customSection("build_id", new ByteWriter().uleb(id.length).bytes(id));
  return { file: new ByteWriter().bytes(bytes!).bytes(section).finish(), buildId: hexOf(id) };
}

/**
 * Puts it where the debug files of builds are, unless there is one already: what `upload` put there has the code as well.
 * @returns its key
 */
export async function keepBrought(file: Uint8Array, buildId: string, bucket: R2Bucket): Promise<string> {
  const key = debugFileKey(buildId);
  if ((await bucket.head(key)) === null) await putNew(bucket, key, file);
  return key;
}
