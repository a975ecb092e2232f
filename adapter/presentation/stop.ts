/**
 * The stop at the crash as the client is told of it: what the reason is called, the console's triage, and the
 * `stopped` event.
 */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { t } from "@vscode/l10n";
import { settle } from "../../engine/bytes/remote-source";
import type { Palette } from "../../engine/console/palette";
import { isTyped } from "../../engine/expressions/typed";
import type { Frame, Thread, TrapReason } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import { strip } from "../../engine/values/types";
import { baseName } from "../../host/paths";
import { type Container, frameContainer } from "../state/containers";
import type { OpenedCrash } from "../state/opened-crash";
import type { Session } from "../state/session";
import { describeSource } from "./source";

const LANGUAGE_REASONS = {
  "rust-panic": () => t("Rust panic"),
  "cpp-exception": () => t("uncaught C++ exception"),
  "assemblyscript-abort": () => "abort",
  "zig-panic": () => t("Zig panic"),
  "c-abort": () => "abort",
  "c-assert": () => t("assertion failure"),
  "stack-overflow": () => t("stack overflow"),
} as const;

/** Characters of the crash frame's values in one line. */
const LISTED_LENGTH = 160;
/** Frames in the text of a stack; a stack overflow has thousands. */
const STACK_TEXT_FRAMES = 30;

/** The class of the crash, as the exception widget heads it: "Rust panic", "integer divide by zero". */
export function exceptionId(reason: TrapReason): string {
  return reason.language === undefined ? trapName(reason) : LANGUAGE_REASONS[reason.language]();
}

/** The class of the trap alone. */
export function trapName({ kind }: TrapReason): string {
  return kind === "unknown" ? "trap" : kind.replaceAll("-", " ");
}

/**
 * The stack as text, from the crash frame to the program's oldest, since the widget that shows it has little
 * room for the panic machinery and what called `main`: `at calculate (/home/me/app/src/main.rs:14:5)`. Files
 * are named where they are on this machine, so that the client can link them.
 */
export async function stackText(opened: OpenedCrash, thread: Thread): Promise<string> {
  const { frames, left } = await settle(() => {
    const below = thread.frames(thread.crashFrame);
    const own = below.findLastIndex((frame) => frame.origin === "program") + 1;
    const frames = below.slice(0, Math.min(own || below.length, STACK_TEXT_FRAMES));
    return { frames, left: below.length - frames.length };
  });
  const lines = await Promise.all(frames.map((frame) => frameText(opened, frame)));
  return [...lines, ...(left > 0 ? [t("… {0} more", left)] : [])].join("\n");
}

async function frameText(opened: OpenedCrash, { name, location, origin }: Frame): Promise<string> {
  if (location === undefined) return `at ${name}`;
  const { file, line, column } = location;
  const path = (await opened.locator.locate(file.path, origin === "program")) ?? file.path;
  return `at ${name} (${[path, line, column].filter((part) => part !== 0).join(":")})`;
}

/** Warnings, a short triage, then the stop: in this order, so that the console reads from cause to place. */
export async function announceCrash(session: Session): Promise<void> {
  const opened = session.crash;
  const { reason, thread, frame, warnings } = await settle(() => ({
    reason: opened.crash.reason,
    thread: opened.crashedThread,
    frame: opened.crashFrame,
    warnings: opened.crash.warnings,
  }));
  const { location } = frame;
  const source = location && (await describeSource(opened, location.file, frame.origin, false));
  const output = (body: DebugProtocol.OutputEvent["body"]) => session.connection.sendEvent("output", body);
  for (const warning of warnings) output({ category: "important", output: `${warning}\n` });
  output({
    category: "console",
    output: `${triageText(reason, frame, session.client.palette)}\n`,
    ...(source && location ? { source, line: session.client.line(location.line) } : {}),
  });
  const values = await settle(() => crashValues(opened, frame));
  if (values !== undefined) {
    const { text, container } = values;
    output({
      category: "console",
      output: `${text}\n`,
      variablesReference: opened.containers.add(container),
    });
  }
  session.connection.sendEvent("stopped", {
    reason: "exception",
    description: t("Crashed: {0}", exceptionId(reason)),
    text: reason.title,
    threadId: thread.id,
    allThreadsStopped: true,
    preserveFocusHint: false,
  } satisfies DebugProtocol.StoppedEvent["body"]);
}

/** A trap that no language's runtime explains is told by its own sentence, which begins with the title. */
function triageText(reason: TrapReason, { name, location }: Frame, paint: Palette): string {
  const { language, title, details, trap } = reason;
  const at = location && location.line > 0 ? `${baseName(location.file.path)}:${location.line}` : undefined;
  const [head, ...more] =
    language === undefined ? [trap, ...details] : [`${exceptionId(reason)}: ${title}`, ...details, trap];
  const called = paint.name(name);
  const place = at === undefined ? t("in {0}", called) : t("in {0} at {1}", called, at);
  return [paint.strong(paint.bad(head!)), ...more, place].join("\n  ");
}

/** Numbers and the like as they are; why one is not known, and what has members is seen when the line is opened: the stop does not wait for it. */
function briefly(value: Value): string {
  if (value.missing !== undefined) return value.missing.brief;
  if (!isTyped(value)) return value.children === undefined ? value.text() : "…";
  const { kind } = strip(value.type);
  return kind === "base" || kind === "enumeration" ? value.text() : "…";
}

/** The crash frame's arguments and locals as one line that opens; undefined when it has none. */
function crashValues(opened: OpenedCrash, frame: Frame): { text: string; container: Container } | undefined {
  const variables = frame
    .scopes()
    .filter(({ kind }) => kind === "arguments" || kind === "locals")
    .flatMap((scope) => scope.variables());
  if (variables.length === 0) return undefined;
  const listed = variables.map(({ name, value }) => `${name}: ${briefly(value)}`).join(", ");
  const text = listed.length > LISTED_LENGTH ? `${listed.slice(0, LISTED_LENGTH)}…` : listed;
  const name = frame.name;
  const container = frameContainer(name, `{${text}}`, variables, opened.ownerOf(frame));
  return { text: `${name} {${text}}`, container };
}
