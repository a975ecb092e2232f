/**
 * A crash as Sentry's native events have it: the module as an image with its debug id, frames with their addresses in it
 * and with what the debug information says of them, so that Sentry groups and shows them without having to symbolise.
 */
import {
  type AttachmentItem,
  createAttachmentEnvelopeItem,
  createEnvelope,
  dsnFromString,
  type Event,
  type EventEnvelope,
  getEnvelopeEndpointWithUrlEncodedAuth,
  type StackFrame,
  serializeEnvelope,
} from "@sentry/core";
import type { Triage, TriageFrame, TriageVariable } from "../engine/postmortem/triage";
import { buildIdText } from "../engine/rewrite/build-id";
import { version } from "../package.json";
import type { ExplainedCrash } from "./crash";
import { fingerprintParts } from "./fingerprint";
import { hexOf, sha256 } from "./hash";
import { linkOf } from "./log";
import type { SentrySettings } from "./settings";
import type { Stored } from "./store";

/**
 * Sends the event. @returns its id
 * @throws Error when the DSN is none, or Sentry does not answer in time or with a refusal
 */
export async function report(
  crash: ExplainedCrash,
  stored: Stored | undefined,
  settings: SentrySettings,
  bucketName: string | undefined,
): Promise<string> {
  const dsn = dsnFromString(settings.dsn);
  if (dsn === undefined) throw new Error("SENTRY_DSN is no DSN");
  const event = await eventOf(crash, stored, settings, bucketName);
  const headers: EventEnvelope[0] = {
    event_id: event.event_id!,
    sent_at: new Date().toISOString(),
    sdk: { name: "wasm-postmortem", version },
  };
  const attachment = attachmentOf(stored, settings);
  const envelope = createEnvelope<EventEnvelope>(headers, [
    [{ type: "event" }, event],
    ...(attachment === undefined ? [] : [attachment]),
  ]);
  const response = await fetch(getEnvelopeEndpointWithUrlEncodedAuth(dsn), {
    method: "POST",
    headers: { "content-type": "application/x-sentry-envelope" },
    body: serializeEnvelope(envelope) as Uint8Array<ArrayBuffer>,
    signal: AbortSignal.timeout(settings.timeout),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Sentry answered ${response.status}`);
  return event.event_id!;
}

async function eventOf(
  crash: ExplainedCrash,
  stored: Stored | undefined,
  { debugId }: SentrySettings,
  bucketName: string | undefined,
): Promise<Event> {
  const { facts, arrived, buildId, fingerprint, debugFile, problems } = crash;
  const { identity, request } = arrived;
  const { reason } = facts;
  const ids = buildId === undefined ? undefined : idsOf(buildId, debugId);
  return {
    event_id: await eventId(`${identity.time.getTime()} ${identity.ray}`),
    timestamp: identity.time.getTime() / 1000,
    platform: "native",
    level: "fatal",
    fingerprint: [...fingerprintParts(facts)],
    ...(ids !== undefined && {
      debug_meta: {
        // Sentry requires a code_file; not every producer names the program.
        images: [
          {
            type: "wasm",
            code_file: crash.executable || "module.wasm",
            debug_file: debugFile ?? null,
            ...ids,
          },
        ],
      },
    }),
    exception: {
      values: [
        {
          type: reason.kind,
          value: [reason.title, ...reason.details].join("\n"),
          mechanism: { type: "wasm", handled: false, synthetic: true },
          stacktrace: {
            frames: facts.frames.map((frame) => frameOf(frame, facts, ids !== undefined)).reverse(),
          },
        },
      ],
    },
    ...(request !== undefined && {
      request: { method: request.method, url: request.url, headers: { ...request.headers } },
    }),
    contexts: {
      "wasm crash": {
        trap: reason.trap,
        build_id: buildId,
        fingerprint,
        record: stored?.record,
        dump: stored?.dump?.key,
        open: bucketName && stored?.dump && linkOf(bucketName, stored.dump.key),
        debug_file: debugFile,
        problems: problems.length === 0 ? undefined : problems.join("\n"),
      },
    },
    tags: { fingerprint, ...(buildId !== undefined && { build_id: buildId }) },
  };
}

function frameOf(frame: TriageFrame, { crashFrame, variables }: Triage, hasImage: boolean): StackFrame {
  const { path, line, column, fileOffset, module } = frame;
  const isCrashFrame = frame.index === crashFrame;
  const listed = [...frame.arguments, ...(isCrashFrame ? variables.flatMap((scope) => scope.variables) : [])];
  return {
    function: frame.function,
    module,
    in_app: frame.origin === "program",
    ...(path !== null && { filename: path, abs_path: path }),
    ...(line !== 0 && { lineno: line }),
    ...(column !== 0 && { colno: column }),
    ...(fileOffset !== null && {
      instruction_addr: `0x${fileOffset.toString(16)}`,
      ...(hasImage && { addr_mode: "rel:0" }),
    }),
    ...(listed.length > 0 && { vars: Object.fromEntries(listed.map(variableOf)) }),
  };
}

const variableOf = ({ name, value, available }: TriageVariable): [string, string] => [
  name,
  available ? value : `<${value}>`,
];

/** Ids of an image: 16 bytes as a UUID, and the whole. */
function idsOf(
  buildId: string,
  form: SentrySettings["debugId"],
): { readonly debug_id: string; readonly code_id: string } {
  const length = (buildId.length / 2).toString(16).padStart(2, "0");
  const code = form === "section" ? `${length}${buildId}` : buildId;
  return { debug_id: buildIdText(code.padEnd(32, "0").slice(0, 32)), code_id: code };
}

/** 32 hex digits, the same for the same crash, so that one that is sent again is no other event. */
const eventId = async (identity: string): Promise<string> => hexOf((await sha256(identity)).subarray(0, 16));

function attachmentOf(
  stored: Stored | undefined,
  { attachment }: SentrySettings,
): AttachmentItem | undefined {
  if (stored?.packed === undefined || stored.packed.length > attachment) return undefined;
  return createAttachmentEnvelopeItem({
    data: stored.packed,
    filename: `${stored.dump?.key.split("/").at(-1)}.gz`,
    contentType: "application/gzip",
  });
}
