/**
 * How crashes and debug information lie in a bucket: what the service writes, and the views and the command line read.
 *
 *   coredumps/<build id>/<fingerprint>/<time>-<ray>.json        the crash's record (record.ts), one for EVERY crash
 *   coredumps/<build id>/<fingerprint>/<time>-<ray>.coredump    its core dump, packed with gzip, where it was kept
 *   debug-<build id>.wasm                                       debug information, as `split` names it
 *
 * So a listing alone says how often a crash happened (records), which dumps there are, and when (keys sort by time).
 * Keys are made of hex digits, letters, digits, `-` and `.` only: nothing of a request gets into one, and every store
 * takes them, whatever it does with quotes, slashes and dots.
 */

/** Where a crash lies. */
export interface CrashKey {
  /** The crashed module's build id, lower-case hex; undefined when it has none. */
  readonly buildId: string | undefined;
  /** What equal crashes share: 16 lower-case hex digits. */
  readonly fingerprint: string;
  readonly time: Date;
  /** What tells crashes of one millisecond apart, such as Cloudflare's ray: letters and digits. */
  readonly ray: string;
}

export type CrashFile = "coredump" | "json";

/** The prefix of all crashes; `prefixOf` of a build or a group of equal crashes. */
export const CRASHES = "coredumps/";

/** Dumps that are being received; what is older than a day was given up (docs/SERVICE.md has the lifecycle rule). */
export const INCOMING = "incoming/";

const NO_BUILD_ID = "unknown";

/** @throws RangeError when a part has characters that keys do not have */
export function crashKey({ buildId, fingerprint, time, ray }: CrashKey, file: CrashFile): string {
  checked(ray, /^[0-9A-Za-z]{1,40}$/);
  return `${prefixOf(buildId, fingerprint)}${timeText(time)}-${ray}.${file}`;
}

/** The prefix of a build's crashes, or of its crashes of one fingerprint. */
export function prefixOf(buildId: string | undefined, fingerprint?: string): string {
  const build = `${CRASHES}${buildId === undefined ? NO_BUILD_ID : idText(buildId)}/`;
  return fingerprint === undefined ? build : `${build}${checked(fingerprint, /^[0-9a-f]{16}$/)}/`;
}

const KEY =
  /^coredumps\/(unknown|[0-9a-f-]{2,130})\/([0-9a-f]{16})\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-([0-9A-Za-z]{1,40})\.(coredump|json)$/;

/** The parts of a crash's key; undefined for every other key. */
export function readCrashKey(key: string): (CrashKey & { readonly file: CrashFile }) | undefined {
  const match = KEY.exec(key);
  if (match === null) return undefined;
  const [, build, fingerprint, year, month, day, hour, minute, second, millisecond, ray, file] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  if (Number.isNaN(time.getTime())) return undefined;
  const buildId = build === NO_BUILD_ID ? undefined : build!.replaceAll("-", "");
  if (buildId !== undefined && !isBuildId(buildId)) return undefined;
  const crash: CrashKey = { buildId, fingerprint: fingerprint!, time, ray: ray! };
  return crashKey(crash, file as CrashFile) === key ? { ...crash, file: file as CrashFile } : undefined;
}

/** The key of the other file of a crash: its dump's for its record's, and the other way round. */
export function besideKey(key: string, file: CrashFile): string {
  return key.replace(/\.(coredump|json)$/, `.${file}`);
}

/** The key of a build's debug information. */
export function debugFileKey(buildId: string): string {
  return `debug-${idText(buildId)}.wasm`;
}

/** The build id of a debug file's key, lower-case hex; undefined for every other key. */
export function readDebugFileKey(key: string): string | undefined {
  const buildId = /^debug-([0-9a-f-]{2,130})\.wasm$/.exec(key)?.[1]?.replaceAll("-", "");
  return buildId !== undefined && isBuildId(buildId) && debugFileKey(buildId) === key ? buildId : undefined;
}

/** Whether a text is a build id as this project writes them: lower-case hex of up to 64 bytes. */
export const isBuildId = (text: string): boolean => /^([0-9a-f]{2}){1,64}$/.test(text);

/** As in file names: 16 bytes as a UUID, any other length in plain hex. */
function idText(buildId: string): string {
  if (!isBuildId(buildId)) throw new RangeError(`${JSON.stringify(buildId)} is no build id`);
  return buildId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `20261123T021144123Z`: ISO 8601 without what file systems do not take. */
const timeText = (time: Date): string => time.toISOString().replace(/[-:.]/g, "");

function checked(part: string, form: RegExp): string {
  if (!form.test(part)) throw new RangeError(`${JSON.stringify(part)} cannot be part of a key`);
  return part;
}
