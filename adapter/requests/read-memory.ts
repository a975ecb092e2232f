/**
 * `readMemory`: the bytes of linear memory at any address, as far as the dump has them. What it does not have
 * is counted as unreadable, never filled with zeros.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Address, address } from "../../engine/bytes/offsets";
import type { CoreMemory } from "../../engine/coredump/model";
import { Missing } from "../../engine/dwarf/missing";
import { readableBytes, readMemory as readRecorded } from "../../engine/postmortem/memory";
import { base64 } from "../presentation/base64";
import { memoryReference, parseMemoryReference } from "../presentation/references";
import { errors } from "../protocol/errors";
import { defined, type RequestHandler } from "../protocol/request";

/** Bytes that one answer carries at most; a client asks again for what follows. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

export const readMemory: RequestHandler<
  DebugProtocol.ReadMemoryArguments,
  DebugProtocol.ReadMemoryResponse["body"]
> = {
  command: "readMemory",
  capabilities: { supportsReadMemoryRequest: true },
  handle(session, args) {
    if (!(args.count >= 0)) throw errors.badArgument("count", "must not be negative");
    const reference = parseMemoryReference(args.memoryReference);
    const at = reference.at + (args.offset ?? 0);
    if (at < 0) return { address: "0x0", unreadableBytes: Math.min(args.count, -at) };
    const memory = session.crash.memory(reference.memory);
    const start = address(at);
    const bytes = memory === undefined ? NOTHING : recordedBytes(memory, start, args.count);
    const rest = args.count - bytes.length;
    const unreadable = rest === 0 ? 0 : gap(memory, address(at + bytes.length), rest);
    return defined<NonNullable<DebugProtocol.ReadMemoryResponse["body"]>>({
      address: memoryReference(start, reference.memory),
      data: bytes.length === 0 ? undefined : base64(bytes),
      unreadableBytes: unreadable === 0 ? undefined : unreadable,
    });
  },
};

const NOTHING = new Uint8Array(0);

/** The known bytes from `start` up to the first unknown one, at most `count`. */
function recordedBytes(memory: CoreMemory, start: Address, count: number): Uint8Array {
  const length = readableBytes(memory, start, Math.min(count, LARGEST_ANSWER));
  const bytes = readRecorded(memory, start, length);
  return bytes instanceof Missing ? NOTHING : bytes;
}

/** How many of `count` bytes from `at` are unknown before the next known one. */
function gap(memory: CoreMemory | undefined, at: Address, count: number): number {
  if (memory !== undefined && readableBytes(memory, at, 1) > 0) return 0;
  const next = memory?.ranges.find((range) => range.start > at);
  return next === undefined ? count : Math.min(count, next.start - at);
}
