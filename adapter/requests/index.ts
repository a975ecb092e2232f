/** The requests that the adapter answers. One that is not in this list is answered as not supported. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";
import { breakpoints, setExceptionBreakpoints } from "./breakpoints";
import { cancel } from "./cancel";
import { completions } from "./completions";
import { configurationDone } from "./configuration-done";
import { disassemble } from "./disassemble";
import { disconnect } from "./disconnect";
import { evaluate } from "./evaluate";
import { exceptionInfo } from "./exception-info";
import { findInMemory, findPointers } from "./find-in-memory";
import { initialize } from "./initialize";
import { attach, launch } from "./launch";
import { loadedSources } from "./loaded-sources";
import { locations } from "./locations";
import { modules } from "./modules";
import { readMemory } from "./read-memory";
import { restart } from "./restart";
import { running } from "./running";
import { scopes } from "./scopes";
import { settings } from "./settings";
import { showAsType } from "./show-as-type";
import { source } from "./source";
import { stackTrace } from "./stack-trace";
import { terminate } from "./terminate";
import { threads } from "./threads";
import { variables } from "./variables";
import { visibleNames } from "./visible-names";

export const handlers: readonly RequestHandler[] = [
  initialize(() => capabilities()),
  launch,
  attach,
  configurationDone,
  restart,
  terminate,
  disconnect,
  cancel,
  threads,
  stackTrace,
  scopes,
  variables,
  evaluate,
  locations,
  completions,
  exceptionInfo,
  modules,
  loadedSources,
  source,
  readMemory,
  disassemble,
  setExceptionBreakpoints,
  ...breakpoints,
  ...running,
  settings,
  findInMemory,
  findPointers,
  showAsType,
  visibleNames,
];

/** All that the handlers declare, joined. */
export function capabilities(): DebugProtocol.Capabilities {
  return Object.assign({}, ...handlers.map((handler) => handler.capabilities));
}
