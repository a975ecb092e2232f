/** `set`, `with`, `show`, `help`, `echo`, and what cannot be done with a program that is dead. */
import { bare } from "../../expressions/display";
import { PSEUDO_VARIABLES } from "../../expressions/pseudo";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { evaluate } from "../evaluate";
import { changed, SETTINGS, settingOf, settingsUnder } from "../settings";
import { valueText } from "../value-text";

const subcommand = (name: string, usage: string): Command => ({
  names: [name],
  usage,
  summary: "",
  run: () => "",
});

const set: Command = {
  names: ["set"],
  usage: "set SETTING VALUE | $NAME = EXPRESSION",
  summary: `How things are printed: ${SETTINGS.filter(({ values }) => values.includes("|"))
    .map(({ name, values }) => `${name} ${values}`)
    .join("; ")}. Or keeps a value under a name for later expressions.`,
  completes: "subcommand",
  subcommands: SETTINGS.map(({ name, values }) => subcommand(name, `set ${name} ${values}`)),
  run(context, args) {
    // Terminals are paged and confirmed by none of ours: what scripts for gdb begin with is taken.
    if (/^(pagination|confirm|width|height|style|verbose|history|debuginfod)\b/.test(args)) return "";
    const own = /^(?:var(?:iable)?\s+)?(\$[A-Za-z_]\w*)\s*=\s*(.+)$/s.exec(args);
    if (own !== null) return keep(own[1]!, own[2]!, context);
    if (/^var(iable)?\b|=/.test(args)) throw new ConsoleError("nothing can be changed: the program is dead");
    const { settings } = context;
    const { setting, value } = settingOf(args);
    setting.write(settings, value);
    return "";
  },
};

/** gdb's convenience variables. @throws ConsoleError for a name that is the machine's */
function keep(name: string, expression: string, context: Context): string {
  if (/^\$(local|stack|global|table)\d+$/.test(name) || PSEUDO_VARIABLES.some((known) => known === name))
    throw new ConsoleError(`${name} is the program's, which is dead: nothing of it can be changed`);
  const value = evaluate(expression, context);
  if (value.missing !== undefined) throw new ConsoleError(`${expression} is ${value.text()}`);
  context.variables.set(name, bare(value));
  return "";
}

/** `with print pretty on -- p x`: what is set, and the command. */
const WITH = /^(.*?)\s+--\s+(.*)$/s;

const withSetting: Command = {
  names: ["with", "w"],
  usage: "with SETTING VALUE -- COMMAND",
  summary: "Runs a command with a setting that is changed for it alone.",
  completes: "subcommand",
  subcommands: SETTINGS.map(({ name, values }) => subcommand(name, `with ${name} ${values} -- COMMAND`)),
  nested: (args) => WITH.exec(args)?.[2],
  async run(context, args) {
    const found = WITH.exec(args);
    if (found === null) throw new ConsoleError("with needs a setting and a command: with SETTING -- COMMAND");
    const restore = changed(context.settings, [found[1]!]);
    try {
      return await context.answer(found[2]!);
    } finally {
      restore();
    }
  },
};

const show: Command = {
  names: ["show"],
  usage: "show [SETTING | version | values | convenience]",
  summary:
    "What set can change, and what it is; the program's version; the values that were printed, and those that have names.",
  completes: "subcommand",
  subcommands: [...SETTINGS.map(({ name }) => name), "version", "values", "convenience"].map((name) =>
    subcommand(name, `show ${name}`),
  ),
  run({ settings, host, history, variables }, args) {
    if (args === "version") return host.version ?? "Wasm Postmortem";
    if (args === "values" || args === "history")
      return history.map((value, i) => `$${i + 1} = ${valueText(value, settings)}`).join("\n");
    if (/^conv/.test(args))
      return [...variables].map(([name, value]) => `${name} = ${valueText(value, settings)}`).join("\n");
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
    ..."run r start continue c cont step s stepi si next n nexti ni finish fin until u advance jump kill".split(
      " ",
    ),
    ..."break b tbreak watch rwatch awatch delete d disable enable signal attach detach return checkpoint display undisplay".split(
      " ",
    ),
  ],
  usage: "run",
  summary: "",
  run() {
    throw new ConsoleError("the program is dead: this is a core dump, it can be looked at and not run");
  },
};

export const consoleCommands: readonly Command[] = [set, withSetting, show, help, echo, impossible];
