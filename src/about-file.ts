/** Which errors are the user's to know: those about a file, whose message says what is wrong with it. */
import { FormatError } from "../engine/bytes/errors";
import { HostError } from "../host/host";

export const isAboutFile = (error: unknown): error is Error =>
  error instanceof HostError || error instanceof FormatError;
