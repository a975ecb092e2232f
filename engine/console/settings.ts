/** What `set` changes: how values, lists and stacks are printed. */
import { ConsoleError } from "./errors";

export interface Settings {
  /** A member a line: always, never, or where one line would leave something out. */
  pretty: boolean | "auto";
  /** Elements of an array, and bytes of a text, that are printed. */
  elements: number;
  /** Levels of members that are printed. */
  depth: number;
  /** Numbers in hexadecimal. */
  hex: boolean;
  /** How stacks show arguments: all, those that are one number or pointer, whether there are any, or their names. */
  arguments: "all" | "scalars" | "presence" | "none";
  /** Lines that `list` prints. */
  listSize: number;
  /**
   * Whether commands mean what they mean in wasmgdb, where that differs: frames count from the oldest, which is 0,
   * inlined calls share their function's number, arguments are locals, and `x` counts bytes.
   */
  wasmgdb: boolean;
}

export const defaults = (): Settings => ({
  pretty: "auto",
  elements: 200,
  depth: 20,
  hex: false,
  arguments: "all",
  listSize: 10,
  wasmgdb: false,
});

interface Setting {
  /** After `set`. */
  readonly name: string;
  readonly values: string;
  read(settings: Settings): string;
  write(settings: Settings, value: string): void;
}

const onOff = (value: boolean | "auto"): string => (value === "auto" ? "auto" : value ? "on" : "off");

function truth(value: string): boolean {
  if (/^(on|1|yes|enable|)$/.test(value)) return true;
  if (/^(off|0|no|disable)$/.test(value)) return false;
  throw new ConsoleError(`"on" or "off" is expected, not "${value}"`);
}

/** A count; 0 and "unlimited" stand for no limit. */
function count(value: string): number {
  if (/^(unlimited|0)$/.test(value)) return 1_000_000;
  if (!/^\d{1,9}$/.test(value)) throw new ConsoleError(`a number or "unlimited" is expected, not "${value}"`);
  return Number(value);
}

export const SETTINGS: readonly Setting[] = [
  {
    name: "print pretty",
    values: "on|off|auto",
    read: ({ pretty }) => onOff(pretty),
    write: (settings, value) => {
      settings.pretty = value === "auto" ? "auto" : truth(value);
    },
  },
  {
    name: "print elements",
    values: "N|unlimited",
    read: ({ elements }) => String(elements),
    write: (settings, value) => {
      settings.elements = count(value);
    },
  },
  {
    name: "print max-depth",
    values: "N|unlimited",
    read: ({ depth }) => String(depth),
    write: (settings, value) => {
      settings.depth = count(value);
    },
  },
  {
    name: "print frame-arguments",
    values: "all|scalars|presence|none",
    read: (settings) => settings.arguments,
    write: (settings, value) => {
      const known = (["all", "scalars", "presence", "none"] as const).find((one) => one === value);
      if (known === undefined)
        throw new ConsoleError(`"all", "scalars", "presence" or "none" is expected, not "${value}"`);
      settings.arguments = known;
    },
  },
  {
    name: "output-radix",
    values: "10|16",
    read: ({ hex }) => (hex ? "16" : "10"),
    write: (settings, value) => {
      if (!/^(10|16)$/.test(value)) throw new ConsoleError(`10 or 16 is expected, not "${value}"`);
      settings.hex = value === "16";
    },
  },
  {
    name: "listsize",
    values: "N",
    read: ({ listSize }) => String(listSize),
    write: (settings, value) => {
      settings.listSize = count(value);
    },
  },
];

/** The setting that `text` begins with, and what follows it. */
export function settingOf(text: string): { setting: Setting; value: string } {
  const words = text.replace(/^p(r|ri|rin)? /, "print ");
  const setting = SETTINGS.find(({ name }) => words === name || words.startsWith(`${name} `));
  if (setting === undefined) {
    const known = SETTINGS.map(({ name }) => name).join(", ");
    throw new ConsoleError(`there is no setting "${text}". Known: ${known}`);
  }
  return { setting, value: words.slice(setting.name.length).trim() };
}
