/**
 * What lets us into buckets: what the user has given, which the editor keeps as a secret, else the environment's
 * variables. Nothing of it ever stands in settings or messages.
 */
import type { BucketAddress, Credentials } from "../../r2/address";
import type { FoundAccess } from "../../r2/credentials";

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

/** What a project's surroundings have to let us in. */
export interface OwnAccess {
  readonly environment: FoundAccess;
  /** What wrangler is logged in with; undefined when it is not. Absent where no wrangler runs. */
  login?(): Promise<Credentials | undefined>;
}

export type KnownAccess = FoundAccess & { readonly credentials: Credentials };

const SECRET = "wasm-postmortem.buckets";

export class Access {
  constructor(private readonly secrets: Secrets) {}

  /** Whether anything is known that may let us in there; nothing is run to find out. */
  async isKnown({ accountId }: BucketAddress, own: OwnAccess): Promise<boolean> {
    const given = await this.given();
    return (given !== undefined && fits(given, accountId)) || own.environment.credentials !== undefined;
  }

  /**
   * What lets us in there. Credentials that were given for an account serve that account alone.
   * @returns undefined when nothing does
   */
  async find({ accountId }: BucketAddress, own: OwnAccess): Promise<KnownAccess | undefined> {
    const given = await this.given();
    if (given !== undefined && fits(given, accountId)) {
      const credentials = given.credentials.kind === "wrangler" ? await own.login?.() : given.credentials;
      if (credentials !== undefined) return { credentials, accountId: given.accountId, endpoint: undefined };
    }
    const { credentials } = own.environment;
    return credentials === undefined ? undefined : { ...own.environment, credentials };
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
