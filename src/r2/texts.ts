/** Crashes in short texts that no language changes: where it happened, the stack, how long ago. */
import type { CrashRecord, RecordedFrame } from "../../r2/record";
import { baseName } from "../crash-files/names";

/** The frame to look at. */
export function topFrame({ stack, crashFrame }: CrashRecord): RecordedFrame | undefined {
  return stack[crashFrame ?? 0];
}

/** `app::calculate main.rs:8`. */
export function placeText(record: CrashRecord): string {
  const frame = topFrame(record);
  if (frame === undefined) return "";
  const { path, line } = frame;
  const file = path === null ? "" : ` ${baseName(path)}${line === 0 ? "" : `:${line}`}`;
  return `${frame.function}${file}`;
}

/** The reason and the stack as a JavaScript engine would print it, which tools know. */
export function stackText({ reason, stack, frameCount }: CrashRecord): string {
  const cut = frameCount > stack.length ? [`    … ${frameCount - stack.length}`] : [];
  return [
    reason.title,
    ...reason.details.map((detail) => `  ${detail}`),
    ...stack.map(frameText),
    ...cut,
  ].join("\n");
}

function frameText({
  path,
  line,
  column,
  module,
  functionIndex,
  fileOffset,
  ...frame
}: RecordedFrame): string {
  const position = [line, column].filter((number) => number !== 0);
  const place =
    path === null
      ? `${module}:wasm-function[${functionIndex}]${fileOffset === null ? "" : `:0x${fileOffset.toString(16)}`}`
      : [path, ...position].join(":");
  return `    at ${frame.function} (${place})`;
}

const UNITS = [
  ["year", 365 * 24 * 3600],
  ["month", 30 * 24 * 3600],
  ["day", 24 * 3600],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "2 hours ago", in the language of the editor. @param time and @param now in ms of Unix time */
export function ageText(time: number, now: number, language: string): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1)!;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(-Math.floor(seconds / length), unit);
}

/** A file's size, to about two digits. */
export const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** The first digits of a build id, as people write it. */
export const shortId = (buildId: string): string => buildId.slice(0, 8);

/** Whether a crash is one that the user looks for: every word is in what is known of it. */
export function matches(
  filter: string,
  facts: { readonly buildId: string | undefined; readonly fingerprint: string },
  record: CrashRecord | undefined,
): boolean {
  const about = [facts.buildId ?? "", facts.fingerprint, record?.module ?? ""];
  if (record !== undefined) {
    about.push(record.reason.title, ...record.reason.details, record.request?.url ?? "");
    for (const frame of record.stack) about.push(frame.function, frame.path ?? "");
  }
  const text = about.join("\n").toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
