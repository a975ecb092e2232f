/** The programs whose states are recovered: the fixtures, and what bench/programs has built. */
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { MemorySource } from "../../engine/bytes/source";
import { WasmModule } from "../../engine/wasm/module";
import { everyFixture, type Fixture, loadModule } from "../../test/fixtures";
import { unlike } from "../unlike";

export interface Program {
  readonly name: string;
  /** Compiler and options. */
  readonly made: string;
  readonly optimised: boolean;
  readonly bytes: Uint8Array;
  /** The exports that are called, one a run; undefined for a WASI command. */
  readonly entries: readonly (string | undefined)[];
}

const built = join(__dirname, "../../.cache/bench");

/** Every module once, whichever of its traps a fixture is about. */
export function programs(): Program[] {
  const found = new Map<string, Program>();
  for (const fixture of everyFixture) {
    const key = `${fixture.folder}/${fixture.module}`;
    if (!found.has(key)) found.set(key, ofFixture(fixture));
  }
  return [...found.values(), ...large()];
}

function ofFixture(fixture: Fixture): Program {
  const bytes = loadModule(fixture);
  return {
    name: fixture.name.replace(/\/.*/, ""),
    made: `${fixture.toolchain.compiler} ${fixture.toolchain.options}`,
    optimised: fixture.level === "release",
    bytes,
    entries: entriesOf(bytes),
  };
}

/** `_start`, or every exported function that takes nothing. */
function entriesOf(bytes: Uint8Array): (string | undefined)[] {
  const { exports: exported } = WasmModule.open(new MemorySource("module", bytes));
  if (exported.some(({ name, kind }) => name === "_start" && kind === "function")) return [undefined];
  return exported.flatMap(({ name, kind }) =>
    kind === "function" && !/^_|^memory$/.test(name) ? [name] : [],
  );
}

/** Modules of bench/programs, which no repository keeps, as far as this V8 can run them. */
function large(): Program[] {
  const folder = join(built, "recovery");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const name = /^(.*)\.wasm$/.exec(file)?.[1];
    if (name === undefined) return [];
    const bytes = readFileSync(join(folder, file));
    if (!WebAssembly.validate(bytes)) return [];
    const level = /-(O\d)$/.exec(name)?.[1] ?? "O0";
    const compiler = name.includes("exceptions") ? "em++ 3.1.6 -fwasm-exceptions" : "clang 22";
    const encoding = name.includes("exnref") ? ", try_table" : "";
    const made = `${compiler} -${level}${encoding}`;
    return [{ name, made, optimised: level !== "O0", bytes, entries: entriesOf(bytes) }];
  });
}

/** Instantiates a program; its host's functions call `inHost` on their way. */
export function instantiate(program: Program, inHost: () => void): () => void {
  const nowhere = openSync("/dev/null", "r+");
  const wasi = new WASI({
    version: "preview1",
    args: [program.name],
    env: {},
    stdin: nowhere,
    stdout: nowhere,
    stderr: nowhere,
    returnOnExit: true,
  });
  const module = new WebAssembly.Module(unlike(program.bytes));
  const { imports } = WasmModule.open(new MemorySource(program.name, program.bytes));
  const given: Record<string, Record<string, (...values: unknown[]) => unknown>> = {};
  const offered = wasi.getImportObject() as Record<string, Record<string, (...values: unknown[]) => unknown>>;
  for (const { module: from, name, kind } of imports) {
    if (kind !== "function") continue;
    // WASI would end this process, outside of a command.
    const host = name === "proc_exit" ? exit : (offered[from]?.[name] ?? (() => 0));
    given[from] ??= {};
    given[from][name] = (...values) => {
      const result = host(...values);
      inHost();
      return result;
    };
  }
  const instance = new WebAssembly.Instance(module, given as never);
  return () => {
    const [entry] = program.entries;
    if (entry === undefined) {
      wasi.start(instance);
      return;
    }
    wasi.initialize(instance);
    for (const name of program.entries) {
      try {
        (instance.exports[name!] as unknown as (...values: unknown[]) => unknown)(0, 0, 0, 0);
      } catch {
        // It traps: that is what it is for.
      }
    }
  };
}

function exit(): never {
  throw new Error("The program has ended.");
}
