/**
 * The modules that the program has compiled, as V8 knows them: one script each, whose source is the module's
 * own bytes and whose columns are file offsets.
 */
import {
  type BodyOffset,
  bodyOffset,
  type FunctionIndex,
  fileOffset,
  functionIndex,
} from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { WasmModule } from "../../engine/wasm/module";
import type { Debugger, Inspector } from "./inspector";

/** What V8 says of a module beyond what the types of node:inspector know. */
type ParsedScript = Debugger.ScriptParsedEventDataType & { readonly scriptLanguage?: string };
/** A module's bytes, base64. */
type ScriptSource = Debugger.GetScriptSourceReturnType & { readonly bytecode?: string };

/** A position in a module as core dumps name it. */
export interface CodePlace {
  readonly functionIndex: FunctionIndex;
  readonly offset: BodyOffset;
}

export class ModuleScripts {
  private readonly urls = new Map<string, string>();
  private readonly modules = new Map<string, WasmModule>();

  /** Notes every module from now on; those already compiled are told of when the debugger is enabled. */
  constructor(private readonly inspector: Inspector) {
    inspector.onScriptParsed((script: ParsedScript) => {
      if (script.scriptLanguage === "WebAssembly") this.urls.set(script.scriptId, script.url);
    });
  }

  /** The program is gone; the next one's scripts may have the same ids. */
  forget(): void {
    this.urls.clear();
    this.modules.clear();
  }

  /** Whether a script is a Wasm module. */
  has(scriptId: string): boolean {
    return this.urls.has(scriptId);
  }

  /** The module, read from V8 on first use. @throws InspectorError when V8 does not give its bytes */
  module(scriptId: string): WasmModule {
    const known = this.modules.get(scriptId);
    if (known !== undefined) return known;
    const { bytecode = "" } = this.inspector.command<ScriptSource>("Debugger.getScriptSource", { scriptId });
    const name = this.urls.get(scriptId) ?? `script ${scriptId}`;
    const module = WasmModule.open(new MemorySource(name, Buffer.from(bytecode, "base64")));
    this.modules.set(scriptId, module);
    return module;
  }
}

/** Where a file offset stands; undefined between function bodies. */
export function codePlace(module: WasmModule, column: number): CodePlace | undefined {
  const pc = module.fileToCodeOffset(fileOffset(column));
  const index = pc === undefined ? undefined : module.functionAt(pc);
  const body = index === undefined ? undefined : module.body(index);
  if (pc === undefined || body === undefined) return undefined;
  return { functionIndex: functionIndex(body.index), offset: bodyOffset(pc - body.start) };
}
