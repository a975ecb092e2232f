/**
 * Opens what the launch arguments name: the dump, its module, and the debug information that was split off
 * from the module.
 */
import { settle } from "../engine/bytes/remote-source";
import { readCoreDump } from "../engine/coredump/reader";
import { openCrash as join } from "../engine/postmortem/crash";
import type { Crash } from "../engine/postmortem/model";
import type { NamedSource } from "../engine/postmortem/modules";
import { Companions } from "./companions";
import { findDebugFile } from "./debug-file";
import { openPlain } from "./decompress";
import { type Host, HostError } from "./host";
import type { LaunchArguments } from "./launch";

/**
 * @throws HostError when a file cannot be read or an argument is missing
 * @throws FormatError when the dump is no core dump, or the program no WebAssembly
 */
export async function openCrash(args: LaunchArguments, host: Host): Promise<Crash> {
  const dump = await openPlain(args.coreFile, host);
  if (args.program === undefined) {
    const executable = await settle(() => readCoreDump(dump).executable);
    const named = executable === "" ? "" : ` The dump names ${executable}.`;
    throw new HostError(
      `No program was given: name the .wasm of the build that crashed as "program".${named}`,
      args.coreFile,
    );
  }
  const main: NamedSource = { path: args.program, source: await openPlain(args.program, host) };
  const debug = await findDebugFile(main, args, host);
  const holders = debug === undefined ? [main.path] : [main.path, debug.path];
  const companions = new Companions(holders, args, host);
  return settle(() => join({ dump, main: { module: main, debug, companions } }));
}
