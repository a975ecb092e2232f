/**
 * What lets us into buckets: what the user has given, which the editor keeps as a secret, else the environment's
 * variables. Nothing of it ever stands in settings or messages.
 */
import type { BucketAddress, Credentials } from "../../r2/address";
import { accessFromEnvironment, type FoundAccess } from "../../r2/credentials";

/** What a user gives: keys, a token, or that wrangler's login is meant. */
export type GivenCredentials = Credentials | { readonly kind: "wrangler" };

export interface GivenAccess {
  readonly credentials: GivenCredentials;
  /** The account that they are of; undefined where each bucket's configuration says it. */
  readonly accountId?: string | undefined;
}

/** Where secrets are kept: a `vscode.SecretStorage`. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export type KnownAccess = FoundAccess & { readonly credentials: Credentials };

const SECRET = "wasm-postmortem.buckets";

export class Access {
  constructor(
    private readonly secrets: Secrets,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    /** Wrangler's login. */
    private readonly login: () => Promise<Credentials | undefined>,
  ) {}

  /**
   * What lets us in there. Credentials that were given for an account serve that account alone.
   * @returns undefined when nothing does
   */
  async find({ accountId }: BucketAddress): Promise<KnownAccess | undefined> {
    const given = await this.given();
    if (given !== undefined && fits(given, accountId)) {
      const credentials = given.credentials.kind === "wrangler" ? await this.login() : given.credentials;
      if (credentials !== undefined) return { credentials, accountId: given.accountId, endpoint: undefined };
    }
    const found = accessFromEnvironment(this.environment);
    return found.credentials === undefined ? undefined : { ...found, credentials: found.credentials };
  }

  async give(access: GivenAccess): Promise<void> {
    await this.secrets.store(SECRET, JSON.stringify(access));
  }

  async forget(): Promise<void> {
    await this.secrets.delete(SECRET);
  }

  private async given(): Promise<GivenAccess | undefined> {
    const text = await this.secrets.get(SECRET);
    return text === undefined ? undefined : (JSON.parse(text) as GivenAccess);
  }
}

const fits = (given: GivenAccess, accountId: string | undefined): boolean =>
  given.accountId === undefined || accountId === undefined || given.accountId === accountId;
