/** A command that was typed wrong, or that cannot be answered: the message is for the user. */
export class ConsoleError extends Error {
  override readonly name = "ConsoleError";
}
