/**
 * The image that instrumented code leaves of itself: the file is a copy of linear memory, with the dump
 * written in place from address 0. So file offset = memory address, and what the dump's own sections cover
 * is destroyed. The data segment's address can be one too low, and is not needed.
 */
import { pageSize } from "../encoding";
import { RecordedMemory } from "../memory";
import type { CoreFrame, CoreMemory, RecordedValue } from "../model";
import type { Draft } from "./dialect";

/** Where the untouched memory begins; undefined when the file is no image. */
function untouchedFrom({ contents: { file, segments } }: Draft): number | undefined {
  const order = file.sections.map(({ name }) => name).join();
  if (!/^(corestack,)+core,(memory,)?data$/.test(order) || segments.length !== 1) return undefined;
  const data = file.sections.at(-1)!;
  const from = data.start + segments[0]!.from;
  return from + segments[0]!.length === file.source.size ? from : undefined;
}

/** Whether the sections are the image's: stacks first, one segment of data up to the end of the file. */
export const isImage = (draft: Draft): boolean => untouchedFrom(draft) !== undefined;

/** The memory that an image is of. */
export function imageMemory(draft: Draft): CoreMemory {
  const { source } = draft.contents.file;
  const from = untouchedFrom(draft) ?? source.size;
  const size = Math.max(source.size, draft.dump.memories[0]?.size ?? 0);
  const untouched = { start: from, length: source.size - from, from };
  return new RecordedMemory(source, Math.ceil(size / pageSize) * pageSize, [untouched], false);
}

/** What the rewriter records in place of parameters: this, this + 1, … as i32, whatever their type. */
const placeholder = 669;

/** A frame whose leading placeholders are missing. A real value that is equal to one is given up with them. */
export function withoutPlaceholders(frame: CoreFrame): CoreFrame {
  let count = 0;
  while (isPlaceholder(frame.locals[count], count)) count++;
  if (count === 0) return frame;
  const missing = Array.from({ length: count }, (): RecordedValue => ({ type: "missing" }));
  return { ...frame, locals: [...missing, ...frame.locals.slice(count)] };
}

const isPlaceholder = (value: RecordedValue | undefined, index: number): boolean =>
  value?.type === "i32" && value.value === placeholder + index;
