/**
 * Sources that are not files: text embedded in the debug information, and the disassembly of a function that
 * has none. A client fetches them by number (`sourceReference`).
 */
import { Handles } from "../state/handles";

interface SourceText {
  readonly text: () => string;
}

export class SourceTexts {
  private readonly texts = new Handles<SourceText>();
  private readonly references = new Map<string, number>();

  /**
   * The number of a text, the same at each call.
   * @param key tells this text from others
   * @param text makes it when it is asked for; may read the engine
   */
  reference(key: string, text: () => string): number {
    const known = this.references.get(key);
    if (known !== undefined) return known;
    const reference = this.texts.add({ text });
    this.references.set(key, reference);
    return reference;
  }

  /** The text; undefined when the client was never given this number. */
  text(reference: number): string | undefined {
    return this.texts.get(reference)?.text();
  }
}
