/** A crash as people read it away from a debugger: everything that the pages of this room are made of. */
import { type DumpInfo, dumpInfo } from "../postmortem/dump-info";
import { type MemoryMap, memoryMap } from "../postmortem/memory-map";
import type { Crash } from "../postmortem/model";
import { type Triage, triage } from "../postmortem/triage";

export interface Excerpt {
  /** The file on this machine. */
  readonly path: string;
  /** Five lines where the file has them, the crash line in the middle. */
  readonly lines: readonly { readonly number: number; readonly text: string; readonly crash: boolean }[];
}

export interface Report {
  /** The dump's file name. */
  readonly name: string;
  readonly dump: DumpInfo;
  /** Undefined where the module that crashed is not known: then there is the dump alone. */
  readonly triage: Triage | undefined;
  readonly memory: MemoryMap | undefined;
  readonly excerpt: Excerpt | undefined;
}

/** @param excerpt the lines around the crash, where the source is at hand */
export function reportOf(name: string, crash: Crash, excerpt?: Excerpt): Report {
  return {
    name,
    dump: dumpInfo(crash.dump, crash),
    triage: triage(crash),
    memory: memoryMap(crash),
    excerpt,
  };
}
