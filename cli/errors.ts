/** How a command ends when its input is bad: one readable line on stderr and a status that scripts can test. */
import { FormatError } from "../engine/bytes/errors";
import { HostError } from "../host/host";
import { BucketError } from "../r2/errors";

/** Status of a command whose input could not be used. */
const BAD_INPUT = 2;
/** Status of a fault of the program itself. */
const FAULT = 70;

export function report(error: unknown): void {
  if (error instanceof FormatError || error instanceof HostError || error instanceof BucketError) {
    process.stderr.write(`wasm-postmortem: ${error.message}\n`);
    process.exitCode = BAD_INPUT;
  } else {
    process.stderr.write(
      `wasm-postmortem: internal error: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = FAULT;
  }
}
