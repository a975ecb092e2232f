/** `wasm-postmortem`: the command line. One file a command; this one only names them. */
import { Command } from "commander";
import { version } from "../package.json";
import { captureCommand } from "./capture/command";
import { report } from "./errors";
import { gdbArguments, gdbCommand } from "./gdb/command";
import { infoCommand } from "./info/command";
import { instrumentCommand } from "./instrument/command";
import { fetchCommand } from "./r2/fetch-command";
import { uploadCommand } from "./r2/upload-command";
import { splitCommand } from "./split/command";
import { symbolicateCommand } from "./symbolicate/command";
import { triageCommand } from "./triage/command";

const program = new Command("wasm-postmortem")
  .description("Debug WebAssembly programs after they have crashed.")
  .version(version)
  .showHelpAfterError()
  .enablePositionalOptions()
  .addCommand(triageCommand())
  .addCommand(infoCommand())
  .addCommand(symbolicateCommand())
  .addCommand(splitCommand())
  .addCommand(instrumentCommand())
  .addCommand(uploadCommand())
  .addCommand(fetchCommand())
  .addCommand(captureCommand())
  .addCommand(gdbCommand());

program.parseAsync(gdbArguments(process.argv)).catch(report);
