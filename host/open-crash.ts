/**
 * Opens what the launch arguments name: the dump, its modules, and the debug information that was split off
 * from them. In place of a dump there may be a text with stack traces.
 */
import { settle } from "../engine/bytes/remote-source";
import type { ByteSource } from "../engine/bytes/source";
import { readCoreDump } from "../engine/coredump/reader";
import { openCrash as join, openStackTraces } from "../engine/postmortem/crash";
import type { Crash } from "../engine/postmortem/model";
import type { ModuleFiles, NamedSource } from "../engine/postmortem/modules";
import type { ProgramFiles } from "../engine/postmortem/program";
import { Companions } from "./companions";
import { findDebugFile } from "./debug-file";
import { openPlain } from "./decompress";
import { type Host, HostError } from "./host";
import type { LaunchArguments } from "./launch";
import { findSourceMap } from "./source-map-file";

/** Texts larger than this are not looked through for stack traces. */
const LARGEST_TEXT = 16 * 1024 * 1024;

/** Bytes that tell a text from WebAssembly, which begins with a zero. */
const HEAD = 64;

/**
 * @throws HostError when a file cannot be read or an argument is missing
 * @throws FormatError when the dump is no core dump, or a module no WebAssembly
 */
export async function openCrash(args: LaunchArguments, host: Host): Promise<Crash> {
  const dump = args.stackTrace === undefined ? await openPlain(args.coreFile, host) : undefined;
  const text = args.stackTrace ?? (dump && (await textOf(dump)));
  if (args.program === undefined) throw await missingProgram(args, text === undefined ? dump : undefined);
  const files = await programFiles({ ...args, program: args.program }, host);
  return settle(() =>
    text === undefined
      ? join({ dump: dump!, dialect: args.dialect, ...files })
      : openStackTraces(text, args.coreFile, files).crash,
  );
}

/** The program's files, as far as they are named or found. @throws HostError when one cannot be read */
export async function programFiles(
  args: LaunchArguments & { readonly program: string },
  host: Host,
): Promise<ProgramFiles> {
  const modules = new Map<string, ModuleFiles>();
  for (const [name, path] of Object.entries(args.modules ?? {})) {
    modules.set(name, await moduleFiles(path, args, host));
  }
  return { main: await moduleFiles(args.program, args, host), modules };
}

async function moduleFiles(path: string, args: LaunchArguments, host: Host): Promise<ModuleFiles> {
  const module: NamedSource = { path, source: await openPlain(path, host) };
  const debug = await findDebugFile(module, args, host);
  const holders = debug === undefined ? [path] : [path, debug.path];
  const sourceMap = debug === undefined ? await findSourceMap(module, args, host) : undefined;
  return { module, debug, companions: new Companions(holders, args, host), sourceMap, inSteps: true };
}

async function missingProgram(args: LaunchArguments, dump: ByteSource | undefined): Promise<HostError> {
  const executable = dump && (await settle(() => readCoreDump(dump).executable));
  const named = executable ? ` The dump names ${executable}.` : "";
  return new HostError(
    `No program was given: name the .wasm of the build that crashed as "program".${named}`,
    args.coreFile,
  );
}

/** The text of a file that is one; undefined for WebAssembly and what else is no text. */
async function textOf(file: ByteSource): Promise<string | undefined> {
  if (file.size > LARGEST_TEXT) return undefined;
  const head = await settle(() => file.read(0, Math.min(HEAD, file.size)));
  if (head.includes(0)) return undefined;
  return new TextDecoder().decode(await settle(() => file.read(0, file.size)));
}
