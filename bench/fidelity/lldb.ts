/**
 * LLDB over a core dump: the debugger that Chrome's C/C++ extension and js-debug carry, compiled to Wasm
 * (npm's @vscode/dwarf-debugging), asks its host for memory, locals and globals, and gets the dump's.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { address } from "../../engine/bytes/offsets";
import type { Register } from "../../engine/dwarf/machine";
import { Missing } from "../../engine/dwarf/missing";
import type { Frame } from "../../engine/postmortem/model";

const PACKAGE = "@vscode/dwarf-debugging";
const VERSION = "0.0.2";
/** How long an answer is waited for, in ms. */
const PATIENCE = 20_000;

/** A value as LLDB's host writes it. */
export interface Remote {
  readonly type: "object" | "undefined" | "string" | "number" | "boolean" | "bigint" | "array" | "null";
  readonly value?: unknown;
  readonly description?: string;
  readonly objectId?: string;
  readonly hasChildren: boolean;
}

export interface Property {
  readonly name: string;
  readonly value: Remote;
}

export interface RemoteVariable {
  readonly scope: "LOCAL" | "PARAMETER" | "GLOBAL";
  readonly name: string;
}

interface Worker {
  readonly rpc: { sendMessage(method: string, ...parameters: unknown[]): Promise<unknown> };
  dispose(): Promise<void>;
}

/** What LLDB's host asks for. No bytes say that there is nothing: it then says that it cannot read. */
interface Host {
  getWasmLinearMemory(offset: number, length: number): Promise<ArrayBuffer>;
  getWasmLocal(index: number): Promise<WasmValue | ArrayBuffer>;
  getWasmGlobal(index: number): Promise<WasmValue | ArrayBuffer>;
  getWasmOp(index: number): Promise<WasmValue | ArrayBuffer>;
}

type WasmValue =
  | { readonly type: "i32" | "f32" | "f64"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint };

export class Lldb {
  private frame: Frame | undefined;

  private constructor(private readonly spawn: (host: Host) => Worker) {}

  private worker: Worker | undefined;

  /** Installs the package into a folder that git ignores, unless it is there. */
  static install(folder: string): Lldb {
    if (!existsSync(join(folder, "node_modules", PACKAGE))) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
      execFileSync("npm", ["install", "--no-audit", "--no-fund", "--save-exact", `${PACKAGE}@${VERSION}`], {
        cwd: folder,
        stdio: "inherit",
      });
    }
    return new Lldb(createRequire(join(folder, "package.json"))(PACKAGE).spawn);
  }

  /** Loads a module, in place of the one before. */
  async open(module: Uint8Array): Promise<void> {
    await this.close();
    const machine = () => this.frame!.physical.machine;
    this.worker = this.spawn({
      getWasmLinearMemory: async (offset, length) => {
        const bytes = machine().memory(address(offset), length);
        return bytes instanceof Missing ? new ArrayBuffer(0) : Uint8Array.from(bytes).buffer;
      },
      getWasmLocal: async (index) => wasmValue(machine().local(index)),
      getWasmGlobal: async (index) => wasmValue(machine().global(index)),
      getWasmOp: async (index) => wasmValue(machine().operand(index)),
    });
    await this.ask("hello", [], false);
    await this.ask("addRawModule", "module", undefined, {
      url: "file:///module.wasm",
      code: Uint8Array.from(module).buffer,
    });
  }

  async close(): Promise<void> {
    await this.worker?.dispose();
    this.worker = undefined;
  }

  /** Goes to a frame. @param inlined inlined calls between it and the innermost one of its physical frame */
  async variables(frame: Frame, inlined: number): Promise<readonly RemoteVariable[]> {
    this.frame = frame;
    return (await this.ask("listVariablesInScope", this.place(inlined))) as readonly RemoteVariable[];
  }

  /** The variable's value; undefined when LLDB has none, with an error or without. */
  async value(name: string, inlined: number): Promise<Remote | undefined> {
    try {
      const found = (await this.ask("evaluate", name, this.place(inlined), 0)) as Remote | null;
      return found === null || isAbsent(found) ? undefined : found;
    } catch {
      return undefined;
    }
  }

  async properties(of: Remote): Promise<readonly Property[]> {
    if (!of.hasChildren) return [];
    try {
      return (await this.ask("getProperties", of.objectId)) as Property[];
    } catch {
      return [];
    }
  }

  private place(inlined: number) {
    return {
      rawModuleId: "module",
      codeOffset: this.frame!.physical.pc,
      inlineFrameIndex: inlined,
    };
  }

  /** @throws Error when LLDB fails, or gives no answer: a trap inside of it leaves its host silent */
  private ask(method: string, ...parameters: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`LLDB does not answer to ${method}`)), PATIENCE);
      const done = () => clearTimeout(timer);
      this.worker!.rpc.sendMessage(method, ...parameters)
        .finally(done)
        .then(resolve, reject);
    });
  }
}

export const isAbsent = ({ type }: Remote): boolean => type === "undefined";

function wasmValue(register: Register | Missing): WasmValue | ArrayBuffer {
  if (register instanceof Missing) return new ArrayBuffer(0);
  const { type, bytes } = register;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "i64") return { type, value: view.getBigInt64(0, true) };
  if (type === "f64") return { type, value: view.getFloat64(0, true) };
  if (type === "f32") return { type, value: view.getFloat32(0, true) };
  return { type: "i32", value: view.getInt32(0, true) };
}
