/** Sources by lines, for the console: the file on this machine, else the text that the debug information carries. */
import type { ConsoleHost } from "../engine/console/command";
import type { Host } from "./host";
import type { SourceLocator } from "./source-locator";

export function sourceLines(locator: SourceLocator, host: Pick<Host, "readText">): ConsoleHost {
  const known = new Map<string, Promise<readonly string[] | undefined>>();
  return {
    lines(file, origin) {
      let lines = known.get(file.path);
      if (lines === undefined) {
        lines = locator
          .locate(file.path, origin === "program")
          .then((path) => (path === undefined ? file.source : host.readText(path)))
          .then((text) => text?.split(/\r?\n/));
        known.set(file.path, lines);
      }
      return lines;
    },
  };
}
