/** `set`, `show`, `help`, `echo`, and what cannot be done with a program that is dead. */
import type { Command } from "../command";
import { ConsoleError } from "../errors";
import { SETTINGS, settingOf, settingsUnder } from "../settings";
import { valueText } from "../value-text";

const subcommand = (name: string, usage: string): Command => ({
  names: [name],
  usage,
  summary: "",
  run: () => "",
});

const set: Command = {
  names: ["set"],
  usage: "set SETTING VALUE",
  summary: `How things are printed: ${SETTINGS.filter(({ values }) => values.includes("|"))
    .map(({ name, values }) => `${name} ${values}`)
    .join("; ")}.`,
  completes: "subcommand",
  subcommands: SETTINGS.map(({ name, values }) => subcommand(name, `set ${name} ${values}`)),
  run({ settings }, args) {
    // Terminals are paged and confirmed by none of ours: what scripts for gdb begin with is taken.
    if (/^(pagination|confirm|width|height|style|verbose|logging)\b/.test(args)) return "";
    if (/^(var|variable|\$\w+)\b|=/.test(args))
      throw new ConsoleError("nothing can be changed: the program is dead");
    const { setting, value } = settingOf(args);
    setting.write(settings, value);
    return "";
  },
};

const show: Command = {
  names: ["show"],
  usage: "show [SETTING | version | values]",
  summary: "What set can change, and what it is; the program's version; the values that were printed.",
  completes: "subcommand",
  subcommands: [...SETTINGS.map(({ name }) => name), "version", "values"].map((name) =>
    subcommand(name, `show ${name}`),
  ),
  run({ settings, host, history }, args) {
    if (args === "version") return host.version ?? "Wasm Postmortem";
    if (args === "values" || args === "history")
      return history.map((value, i) => `$${i + 1} = ${valueText(value, settings)}`).join("\n");
    return settingsUnder(args)
      .map((setting) => `${setting.name}: ${setting.read(settings)}`)
      .join("\n");
  },
};

const help: Command = {
  names: ["help", "h"],
  usage: "help [COMMAND]",
  summary: "The commands, or one of them.",
  completes: "subcommand",
  run({ commands }, args) {
    const [first = "", second = ""] = args.split(/\s+/);
    if (first === "") return overview(commands);
    const command = commands.find(({ names }) => names.includes(first));
    if (command === undefined) throw new ConsoleError(`there is no command "${first}": help lists them`);
    const sub = command.subcommands?.find(({ names }) => names.includes(second));
    return describe(sub ?? command);
  },
};

function overview(commands: readonly Command[]): string {
  const listed = commands.filter(({ summary }) => summary !== "");
  const width = Math.max(...listed.map(({ usage }) => usage.length));
  return listed.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}`).join("\n");
}

function describe({ names, usage, summary, subcommands }: Command): string {
  const aliases = names.length > 1 ? [`Also: ${names.slice(1).join(", ")}`] : [];
  const below = (subcommands ?? []).map(
    (sub) => `  ${sub.usage}${sub.summary === "" ? "" : `  ${sub.summary}`}`,
  );
  return [usage, summary, ...aliases, ...below].join("\n");
}

const echo: Command = {
  names: ["echo"],
  usage: "echo TEXT",
  summary: "Prints a text.",
  run: (_, args) => args.replace(/\\n/g, "\n"),
};

/** What would run the program or change it. */
const impossible: Command = {
  names: [
    ..."run r start continue c cont step s stepi si next n nexti ni finish fin until u advance jump call kill".split(
      " ",
    ),
    ..."break b tbreak watch rwatch awatch delete d disable enable signal attach detach return checkpoint".split(
      " ",
    ),
  ],
  usage: "run",
  summary: "",
  run() {
    throw new ConsoleError("the program is dead: this is a core dump, it can be looked at and not run");
  },
};

export const consoleCommands: readonly Command[] = [set, show, help, echo, impossible];
