/** `wasm-postmortem`: the command line. One file a command; this one only names them. */
import { Command } from "commander";
import { version } from "../package.json";
import { report } from "./errors";
import { triageCommand } from "./triage/command";

const program = new Command("wasm-postmortem")
  .description("Debug WebAssembly programs after they have crashed.")
  .version(version)
  .showHelpAfterError()
  .addCommand(triageCommand());

program.parseAsync().catch(report);
