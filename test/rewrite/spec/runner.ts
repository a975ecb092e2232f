/**
 * Runs scripts of the specification's test suite, as JSON and modules (`wast2json`, `wasm-tools json-from-wast`), and
 * says what each command came to: the same whether modules are instrumented or not.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { instrumentation } from "../../../capture/library/instrumented";
import { type Callable, halvesOf, withoutVectors } from "./vectors";

interface Value {
  readonly type: string;
  readonly lane_type?: string;
  readonly value?: string | readonly string[] | null;
}
interface Action {
  readonly type: "invoke" | "get";
  readonly module?: string;
  readonly field: string;
  readonly args?: readonly Value[];
}
interface Command {
  readonly type: string;
  readonly line: number;
  readonly name?: string;
  readonly as?: string;
  readonly filename?: string;
  readonly binary_filename?: string;
  readonly module_type?: string;
  readonly instance?: string;
  readonly module?: string;
  readonly action?: Action;
  readonly expected?: readonly Value[];
  /** The values of which a single result is one: relaxed SIMD leaves a choice. */
  readonly either?: readonly Value[];
}

/** What a module becomes before it is compiled. */
export type Change = (bytes: Uint8Array) => Uint8Array;

export interface Outcome {
  readonly line: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Outcomes of a script's commands; left out are those that are only about modules that are not valid, and those that act
 * on a module that this engine refuses.
 *
 * @param script path of the JSON; its modules are beside it
 */
export function runScript(script: string, change: Change): Outcome[] {
  const { commands } = JSON.parse(readFileSync(script, "utf8")) as { commands: Command[] };
  const host = new Host(dirname(script), change);
  return commands.flatMap((command) => {
    if (/malformed|invalid/.test(command.type)) return [];
    const text = host.run(command);
    return text === undefined ? [] : [{ line: command.line, type: command.type, text }];
  });
}

type Exports = Readonly<Record<string, unknown>>;

class Host {
  private readonly registered: Record<string, Exports> = { spectest: spectest() };
  private readonly named = new Map<string, Exports>();
  private readonly definitions = new Map<string, Uint8Array>();
  private lastDefinition: Uint8Array | undefined;
  private current: Exports | undefined;

  constructor(
    private readonly folder: string,
    private readonly change: Change,
  ) {}

  /** @returns undefined for commands without an outcome */
  run(command: Command): string | undefined {
    const file = command.binary_filename ?? command.filename;
    switch (command.type) {
      case "module_definition":
        this.lastDefinition = this.bytes(file!);
        if (command.name) this.definitions.set(command.name, this.lastDefinition);
        return undefined;
      case "module_instance":
        return this.instantiate(
          command.module ? this.definitions.get(command.module)! : this.lastDefinition!,
          command.instance,
        );
      case "module":
        return this.instantiate(this.bytes(file!), command.name);
      case "assert_unlinkable":
      case "assert_uninstantiable":
        return this.instantiate(this.bytes(file!), undefined, false);
      case "register":
        this.registered[command.as!] = this.exportsOf(command.name) ?? {};
        return undefined;
      default: {
        const exports = command.action && this.exportsOf(command.action.module);
        const expected = command.expected ?? command.either?.slice(0, 1);
        return exports && outcome(() => act(exports, command.action!, expected));
      }
    }
  }

  private exportsOf(name: string | undefined): Exports | undefined {
    return name ? this.named.get(name) : this.current;
  }

  private bytes(file: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, file)));
  }

  private instantiate(bytes: Uint8Array, name: string | undefined, isKept = true): string {
    if (isKept) this.current = undefined;
    return outcome(() => {
      const module = new WebAssembly.Module(this.change(bytes));
      const imports = { ...this.registered, ...instrumentation(module) };
      const { exports } = new WebAssembly.Instance(module, imports);
      if (isKept) this.current = exports;
      if (isKept && name) this.named.set(name, exports);
      return "instantiated";
    });
  }
}

function act(exports: Exports, { field, type, args = [] }: Action, expected: readonly Value[] = []): unknown {
  if (type === "get") return (exports[field] as WebAssembly.Global).value;
  const target = exports[field] as Callable;
  const values = args.flatMap((value) => (value.type === "v128" ? vector(value) : [argument(value)]));
  const hasVectors = [...args, ...expected].some((value) => value.type === "v128");
  const callable = hasVectors ? withoutVectors(target, args.map(typeOf), expected.map(typeOf)) : target;
  return callable(...values);
}

const typeOf = ({ type }: Value) => type;

const vector = ({ lane_type, value }: Value) => halvesOf(lane_type!, value as readonly string[]);

function outcome(run: () => unknown): string {
  try {
    return text(run());
  } catch (error) {
    return `${(error as object)?.constructor?.name}: ${(error as Error)?.message}`;
  }
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join()}]`;
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return "function";
  return typeof value === "object" && value !== null ? "object" : String(value);
}

const references = new Map<string, object>();

function argument({ type, value }: Value): unknown {
  const view = new DataView(new ArrayBuffer(8));
  const digits = typeof value === "string" ? value : "0";
  switch (type) {
    case "i32":
      return Number(digits) | 0;
    case "i64":
      return BigInt.asIntN(64, BigInt(digits));
    case "f32":
      view.setUint32(0, Number(digits));
      return view.getFloat32(0);
    case "f64":
      view.setBigUint64(0, BigInt(digits));
      return view.getFloat64(0);
    default: {
      if (typeof value !== "string" || value === "null") return null;
      const known = references.get(value) ?? { [value]: true };
      references.set(value, known);
      return known;
    }
  }
}

const global = (type: string, value: number | bigint) =>
  new (WebAssembly.Global as unknown as new (...given: unknown[]) => WebAssembly.Global)(
    { value: type },
    value,
  );
const table = (limits: object) =>
  new (WebAssembly as unknown as { Table: new (limits: object) => object }).Table(limits);
const nothing = () => {};

/** The module that the scripts import from, and change. */
const spectest = (): Exports => ({
  print: nothing,
  print_i32: nothing,
  print_i64: nothing,
  print_f32: nothing,
  print_f64: nothing,
  print_i32_f32: nothing,
  print_f64_f64: nothing,
  global_i32: global("i32", 666),
  global_i64: global("i64", 666n),
  global_f32: global("f32", 666.6),
  global_f64: global("f64", 666.6),
  table: table({ initial: 10, maximum: 20, element: "anyfunc" }),
  memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
});
