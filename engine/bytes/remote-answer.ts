/**
 * The answer to a question that can only be awaited (is there a file beside this one?), for an engine that
 * asks synchronously: the first time it is "not here yet", as with a RemoteSource's bytes.
 */
import { BytesNotResident } from "./remote-source";

export class RemoteAnswer<T> {
  private outcome: { readonly value: T } | undefined;

  /**
   * @param name what is looked for, for messages
   * @param find asked once, when the answer is wanted
   */
  constructor(
    readonly name: string,
    private readonly find: () => Promise<T>,
  ) {}

  /** @throws BytesNotResident until `settle` has awaited it */
  get value(): T {
    if (this.outcome === undefined) throw new BytesNotResident(this, 0, 0);
    return this.outcome.value;
  }

  async load(): Promise<void> {
    this.outcome ??= { value: await this.find() };
  }
}
