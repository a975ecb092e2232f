/**
 * A crash as a form, which is how the original wasm-coredump client sends it: `coredump`, `request` as JSON, and custom
 * sections of the module as `<name>-section`. A part `module` may have the module's whole file.
 */

import { isBuildId } from "../../r2/layout";
import type { ArrivedDump } from "../crash";
import { hexOf } from "../hash";
import { moduleOfParts } from "../module-of-parts";
import { boundaryOf, malformed, type Part, partsOf } from "./multipart";

export interface Form {
  /** Lower-case hex. */
  readonly buildId: string | undefined;
  readonly dump: ArrivedDump;
  /** Whatever the program said. */
  readonly request: unknown;
  /** The module's file, or one of the sections that were sent; undefined without any. */
  readonly module: Uint8Array | undefined;
  /** What was left out, in words. */
  readonly problems: readonly string[];
}

/** Bytes of the module, or of its sections, that are held; what is beyond is left out. */
const MOST_OF_MODULE = 5 * 1024 * 1024;
/** Bytes of the field `request`. */
const LONGEST_REQUEST = 256 * 1024;

/**
 * @param takeDump reads the dump to its end
 * @throws Refusal when the form is malformed or has no dump; of a dump in it nothing is left then
 */
export async function readForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  takeDump: (chunks: AsyncIterator<Uint8Array>) => Promise<ArrivedDump>,
): Promise<Form> {
  let dump: ArrivedDump | undefined;
  let request: unknown;
  const sections = new Map<string, Uint8Array>();
  const problems: string[] = [];
  let room = MOST_OF_MODULE;
  let file: Uint8Array | undefined;
  try {
    for await (const part of partsOf(body, boundaryOf(contentType))) {
      const section = /^(.{1,100})-section$/.exec(part.name)?.[1];
      if (part.name === "coredump") {
        if (dump !== undefined) throw malformed("it has two core dumps");
        dump = await takeDump(part.chunks);
      } else if (part.name === "request") {
        const text = await collect(part, LONGEST_REQUEST);
        request = text && parsed(new TextDecoder().decode(text));
      } else if (part.name === "module") {
        file = await collect(part, room);
        room -= file?.length ?? 0;
        if (file === undefined) problems.push("The module is too large to be sent with the dump: upload it");
      } else if (section !== undefined) {
        const contents = await collect(part, room);
        room -= contents?.length ?? 0;
        if (contents !== undefined) sections.set(section, contents);
        else problems.push(`The section ${section} is too large to be sent with the dump: upload the module`);
      }
    }
    if (dump === undefined) throw malformed("it has no part named coredump");
    const buildId = buildIdOf(sections.get("build_id"));
    sections.delete("build_id");
    const module = file ?? (sections.size > 0 ? moduleOfParts(sections) : undefined);
    return { dump, buildId, request, module, problems };
  } catch (error) {
    await dump?.discard();
    throw error;
  }
}

/** All bytes of a part; undefined where they are more than `most`. */
async function collect({ chunks }: Part, most: number): Promise<Uint8Array | undefined> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size <= most) kept.push(chunk);
    else kept.length = 0;
  }
  if (size > most) return undefined;
  const joined = new Uint8Array(size);
  let at = 0;
  for (const chunk of kept) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed("its part request is no JSON");
  }
}

/** The build id in a section's contents as the program sent them; undefined where they are none. */
function buildIdOf(section: Uint8Array | undefined): string | undefined {
  if (section === undefined || section.length === 0 || section.length > 65) return undefined;
  const [length, ...rest] = section;
  const bytes = length === rest.length ? rest : [...section];
  const id = hexOf(bytes);
  return isBuildId(id) ? id : undefined;
}
