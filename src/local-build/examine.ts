/**
 * A dump opened with a module for a look, before a session: whether the frames fit the code, and which of the
 * program's own sources are not on this machine.
 */
import { FormatError } from "../../engine/bytes/errors";
import { settle } from "../../engine/bytes/remote-source";
import { fitProblems } from "../../engine/postmortem/fit";
import type { Thread } from "../../engine/postmortem/model";
import { type Host, HostError } from "../../host/host";
import type { LaunchArguments } from "../../host/launch";
import { openCrash } from "../../host/open-crash";
import { SourceLocator } from "../../host/source-locator";

export interface Examined {
  /** What the code itself says against the module, in sentences for the user; none when every frame fits. */
  readonly problems: readonly string[];
  /** Paths of the debug information, the crash's first. */
  readonly missing: readonly string[];
}

/** Frames looked at: sources of a program share their folder. */
const FRAMES = 64;

/** @returns nothing found where the crash cannot be opened: the session says why */
export async function examine(args: LaunchArguments, host: Host): Promise<Examined> {
  try {
    const crash = await openCrash(args, host);
    const { problems, own } = await settle(() => {
      const frames = crash.threads[0]?.frames(0, FRAMES) ?? [];
      return {
        problems: crash.modules.flatMap((module) => fitProblems({ physical: physicalOf(frames) }, module)),
        own: frames.flatMap(({ origin, location }) =>
          origin === "program" && location !== undefined ? [location.file] : [],
        ),
      };
    });
    const locator = new SourceLocator(host, args);
    const missing: string[] = [];
    const paths = own.filter(({ source }) => source === undefined).map(({ path }) => path);
    for (const path of new Set(paths)) {
      if ((await locator.locate(path, true)) === undefined) missing.push(path);
    }
    return { problems, missing };
  } catch (error) {
    if (error instanceof HostError || error instanceof FormatError) return { problems: [], missing: [] };
    throw error;
  } finally {
    host.close();
  }
}

/** Each once: inlined calls share one. */
const physicalOf = (frames: ReturnType<Thread["frames"]>) => [
  ...new Set(frames.map(({ physical }) => physical)),
];
