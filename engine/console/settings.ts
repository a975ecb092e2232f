/** What `set` changes: how values, lists and stacks are printed. */
import type { ValueFormat } from "../values/model";
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
  /** An address in front of what it leads to. */
  addresses: boolean;
  /** The function in a table slot by its name. */
  symbols: boolean;
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
  addresses: true,
  symbols: true,
  arguments: "all",
  listSize: 10,
  wasmgdb: false,
});

/** How values are written under these settings. */
export const formatOf = ({ hex, addresses, symbols }: Settings): ValueFormat => ({ hex, addresses, symbols });

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

/** More than there is of anything. */
const UNLIMITED = 1_000_000;

const limitText = (limit: number): string => (limit === UNLIMITED ? "unlimited" : String(limit));

/** A count; 0 and "unlimited" stand for no limit. */
function count(value: string): number {
  if (/^(unlimited|0)$/.test(value)) return UNLIMITED;
  if (!/^\d{1,9}$/.test(value)) throw new ConsoleError(`a number or "unlimited" is expected, not "${value}"`);
  return Number(value);
}

/** A setting that is on or off. */
const flag = (name: string, key: "addresses" | "symbols"): Setting => ({
  name,
  values: "on|off",
  read: (settings) => onOff(settings[key]),
  write: (settings, value) => {
    settings[key] = truth(value);
  },
});

/** What gdb can turn and is one way here: taken where it is set to that. */
const always = (name: string, only: string): Setting => ({
  name,
  values: only,
  read: () => only,
  write: (_, value) => {
    const wanted = /^(on|off)$/.test(only) ? onOff(truth(value)) : value;
    if (wanted !== only) throw new ConsoleError(`${name} is always ${only} here`);
  },
});

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
    read: ({ elements }) => limitText(elements),
    write: (settings, value) => {
      settings.elements = count(value);
    },
  },
  {
    name: "print max-depth",
    values: "N|unlimited",
    read: ({ depth }) => limitText(depth),
    write: (settings, value) => {
      settings.depth = count(value);
    },
  },
  flag("print address", "addresses"),
  flag("print symbol", "symbols"),
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
  always("print object", "on"),
  always("print demangle", "on"),
  always("print asm-demangle", "on"),
  always("print union", "on"),
  always("print null-stop", "on"),
  always("print repeats", "unlimited"),
  always("print static-members", "off"),
  always("print vtbl", "off"),
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
    values: "N|unlimited",
    read: ({ listSize }) => limitText(listSize),
    write: (settings, value) => {
      settings.listSize = count(value);
    },
  },
];

/** The settings whose names' words begin as those of `text`, and what follows; the one that is named in full first. */
function matching(text: string): { settings: readonly Setting[]; value: string } {
  const typed = text.split(/\s+/);
  const begins = ({ name }: Setting): boolean =>
    name.split(" ").every((word, at) => typed[at] !== undefined && word.startsWith(typed[at]));
  const found = SETTINGS.filter(begins);
  const exact = found.filter(({ name }) => name === typed.slice(0, name.split(" ").length).join(" "));
  const settings = exact.length > 0 ? exact : found;
  const words = settings[0]?.name.split(" ").length ?? 0;
  return { settings, value: typed.slice(words).join(" ") };
}

/** The setting that `text` begins with, and what follows it. @throws ConsoleError where there is none, or several */
export function settingOf(text: string): { setting: Setting; value: string } {
  const { settings, value } = matching(text);
  const [setting, other] = settings;
  if (setting === undefined) {
    const known = SETTINGS.map(({ name }) => name).join(", ");
    throw new ConsoleError(`there is no setting "${text}". Known: ${known}`);
  }
  if (other !== undefined) {
    const names = settings.map(({ name }) => name).join(", ");
    throw new ConsoleError(`"${text}" is several settings: ${names}`);
  }
  return { setting, value };
}

/**
 * Sets what each text says, as `set` would.
 * @returns what puts all settings back
 * @throws ConsoleError, and then nothing is changed
 */
export function changed(settings: Settings, texts: readonly string[]): () => void {
  const before = { ...settings };
  const restore = (): void => {
    Object.assign(settings, before);
  };
  try {
    for (const text of texts) {
      const { setting, value } = settingOf(text);
      setting.write(settings, value);
    }
  } catch (error) {
    restore();
    throw error;
  }
  return restore;
}

/** The settings that `show` tells: all, one, or those of a group such as `print`. @throws ConsoleError */
export function settingsUnder(text: string): readonly Setting[] {
  if (text === "") return SETTINGS;
  const group = SETTINGS.filter(({ name }) => name.includes(" ") && name.split(" ")[0]!.startsWith(text));
  return group.length > 0 ? group : [settingOf(text).setting];
}
