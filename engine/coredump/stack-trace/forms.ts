/**
 * How JavaScript engines write a WebAssembly frame in a stack trace (WebAssembly Web API, "Conventions"):
 *
 *     at name (wasm://wasm/app-00091342:wasm-function[9]:0x456)     V8: Node, Chrome, Deno, workerd
 *     name@https://host/app.wasm:wasm-function[9]:0x456             SpiderMonkey: Firefox
 *     <?>.wasm-function[name]@[wasm code]                           JavaScriptCore: Safari, Bun
 *     at name (app.wasm:0x456)                                      Chrome's DevTools, in place of V8's
 *     $name @ app.wasm:0x456                                        the same, a stack that was unfolded
 *
 * Offsets count from the start of the module's file, and stand on the call itself in frames that called.
 * JavaScriptCore gives none, and a function's index only where it has no name; V8 before 7.1 counted from somewhere
 * else, in decimal; DevTools gives no index.
 */

/** A WebAssembly frame of a line. */
export interface WasmLine {
  readonly engine: "V8" | "SpiderMonkey" | "JavaScriptCore" | "DevTools";
  /** The module: a URL or a name; empty where the engine gives none. */
  readonly module: string;
  /** Imports counted; undefined where only a name or an offset is given. */
  readonly functionIndex: number | undefined;
  readonly functionName: string | undefined;
  /** Bytes from the start of the module's file; undefined where the engine gives none. */
  readonly offset: number | undefined;
}

/** `NAME (WHERE:wasm-function[INDEX]:0xOFFSET)` or without a name and parentheses. */
const V8 =
  /^\s*(?:.*\s)?at (?:(?:async )?(.+?) \()?([^()]*?):?wasm-function\[(\d+)\]:(?:0x([0-9a-f]+)|\d+)\)?\s*$/i;
/** `NAME@WHERE:wasm-function[INDEX]:0xOFFSET`. */
const SPIDERMONKEY = /^\s*(?:.*\s)?([^\s@]*)@(\S.*?):wasm-function\[(\d+)\]:0x([0-9a-f]+)\s*$/i;
/** `MODULE.wasm-function[INDEX OR NAME]@[wasm code]`; as Safari's inspector copies it, with a place instead or none. */
const JAVASCRIPTCORE =
  /^\s*(?:(?:.*\s)?(?:(\S*?)\.)?wasm-function\[(.+)\]@\[wasm code\]|(\S+?)\.wasm-function\[(.+)\](?: \(\S+\))?)\s*$/;
/** A module as DevTools names it: by its file, or by the hash that V8 gives one without a URL. */
const FILE = String.raw`([^\s()]*\.wasm(?:\?[^\s()]*)?|[0-9a-f]{8}):0x([0-9a-f]+)`;
/** `NAME (FILE:0xOFFSET)` or without a name and parentheses; `$NAME @ FILE:0xOFFSET`. */
const DEVTOOLS = [
  new RegExp(String.raw`^\s*(?:.*\s)?at (?:(?:async )?(.+?) \()?${FILE}\)?\s*$`),
  new RegExp(String.raw`^\s*\$(\S.*?) @ ${FILE}\s*$`),
];

/** The WebAssembly frame that a line shows; undefined for any other line. */
export function wasmLine(line: string): WasmLine | undefined {
  if (!line.includes("wasm-function[")) return line.includes(":0x") ? devToolsLine(line) : undefined;
  const numbered = [
    { engine: "V8", match: V8.exec(line) },
    { engine: "SpiderMonkey", match: SPIDERMONKEY.exec(line) },
  ] as const;
  for (const { engine, match } of numbered) {
    if (match === null) continue;
    const [, name, module = "", index = "", offset] = match;
    return {
      engine,
      module: module.replace(/:$/, ""),
      functionIndex: Number(index),
      functionName: name === undefined || name === "" ? undefined : name,
      offset: offset === undefined ? undefined : Number.parseInt(offset, 16),
    };
  }
  const match = JAVASCRIPTCORE.exec(line);
  if (match === null) return undefined;
  const module = match[1] ?? match[3] ?? "";
  const which = match[2] ?? match[4] ?? "";
  const isIndex = /^\d+$/.test(which);
  return {
    engine: "JavaScriptCore",
    module: module === "<?>" ? "" : module,
    functionIndex: isIndex ? Number(which) : undefined,
    functionName: isIndex ? undefined : which,
    offset: undefined,
  };
}

function devToolsLine(line: string): WasmLine | undefined {
  for (const form of DEVTOOLS) {
    const [found, name, module = "", offset = ""] = form.exec(line) ?? [];
    if (found === undefined) continue;
    return {
      engine: "DevTools",
      module,
      functionIndex: undefined,
      functionName: name,
      offset: Number.parseInt(offset, 16),
    };
  }
  return undefined;
}

/** Whether a line is a frame of a stack trace, of whatever code. */
export function isFrameLine(line: string): boolean {
  return (
    wasmLine(line) !== undefined ||
    /^\s*(\S.*\s)?at \S.*(\)|:\d+:\d+|<anonymous>)\s*$/.test(line) ||
    /^[^@]*@(\S+:\d+:\d+|\[(native|wasm) code\]|\S+ line \d+ > .*)\s*$/.test(line) ||
    // Safari's inspector.
    /^\t\S.* \(\S+:\d+\)\s*$/.test(line)
  );
}
