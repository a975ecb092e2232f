/**
 * The buckets that crashes may be in: those of the user's settings, of the workspace's wrangler configurations, and of
 * the local state of `wrangler dev` beside these.
 */
import * as vscode from "vscode";
import {
  type BucketAddress,
  type Credentials,
  isBucketName,
  jurisdictions,
  type ObjectAddress,
} from "../../r2/address";
import type { Bucket, Cancellable } from "../../r2/bucket";
import type { ConfiguredBucket } from "../../r2/config";
import { connect } from "../../r2/connect";
import { BucketError, missingBucket, noCredentials } from "../../r2/errors";
import type { Access } from "./access";
import type { BucketPlatform, LocalBuckets } from "./platform";
import { readWorkspaceConfigurations } from "./workspace-configurations";

const { t } = vscode.l10n;

export interface BucketSource {
  /** Unique among the sources. */
  readonly id: string;
  /** As in `r2://name/key`. */
  readonly name: string;
  /** Where it was found, for people. */
  readonly description: string;
  readonly isLocal: boolean;
  /** Whether anything is known that would let us in. */
  hasAccess(): Promise<boolean>;
  /** @throws BucketError; the signal's reason */
  open(options?: Cancellable): Promise<Bucket>;
}

export interface FoundBuckets {
  readonly sources: readonly BucketSource[];
  /** Configurations that cannot be read. */
  readonly problems: readonly unknown[];
}

/** Which of the buckets that share a name is meant; named as the options of the command line are. */
export interface WantedPlace {
  /** The local state of `wrangler dev` alone. */
  readonly local?: boolean | undefined;
  /** That state's folder. */
  readonly persistTo?: string | undefined;
}

export class Buckets {
  constructor(
    private readonly access: Access,
    private readonly platform: BucketPlatform,
  ) {}

  /** All of them, each once. */
  async find(): Promise<FoundBuckets> {
    const { configurations, problems } = await readWorkspaceConfigurations();
    const sources = [
      ...configured().flatMap((entry) => this.ofSettings(entry)),
      ...configurations.flatMap(({ uri, project, buckets }) =>
        buckets.flatMap((bucket) => this.ofConfiguration(bucket, uri, project)),
      ),
    ];
    return { sources: [...new Map(sources.map((source) => [source.id, source])).values()], problems };
  }

  /**
   * The bucket that has an object: of several with its name the first that does, the account's before local ones.
   * @throws BucketError MissingBucket when none has that name; else what the first says
   */
  async holding(
    { bucket: name, key }: ObjectAddress,
    place: WantedPlace = {},
    options: Cancellable = {},
  ): Promise<Bucket> {
    const sources = await this.named(name, place);
    const failures: unknown[] = [];
    for (const source of sources) {
      try {
        const bucket = await source.open(options);
        if (sources.length > 1) await bucket.head(key, options);
        return bucket;
      } catch (error) {
        if (!(error instanceof BucketError)) throw error;
        failures.push(error);
      }
    }
    throw failures[0];
  }

  /** A bucket by its name alone, of the user's own account. */
  unconfigured(name: string): BucketSource {
    return this.remote({ name }, "");
  }

  /** Those that let us in come alone, where any do. */
  private async named(name: string, { local, persistTo }: WantedPlace): Promise<readonly BucketSource[]> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const sources =
      persistTo === undefined
        ? (await this.find()).sources
        : folder === undefined
          ? []
          : this.local(folder, [name], persistTo);
    const named = sources.filter((source) => source.name === name && (source.isLocal || local !== true));
    if (named.length === 0)
      throw missingBucket({ name, place: persistTo ?? t("the workspace's configuration") });
    const known = await Promise.all(named.map((source) => source.hasAccess()));
    const open = named.filter((_, index) => known[index]);
    return (open.length === 0 ? named : open).toSorted((a, b) => Number(a.isLocal) - Number(b.isLocal));
  }

  private ofSettings({ persistTo, ...address }: SetBucket): readonly BucketSource[] {
    if (persistTo === undefined) return [this.remote(address, placeOf(address))];
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.flatMap(({ uri }) => this.local(uri, [address.name], persistTo));
  }

  private ofConfiguration(
    { name, devName, isRemote, accountId, jurisdiction, environment }: ConfiguredBucket,
    uri: vscode.Uri,
    project: vscode.Uri,
  ): readonly BucketSource[] {
    const where = vscode.workspace.asRelativePath(uri);
    const description = environment === undefined ? where : `${where} (${environment})`;
    // Where `wrangler dev` takes a bucket of the account, that may be another one than what is deployed has.
    const names = new Set([name, isRemote && isBucketName(devName) ? devName : undefined]);
    const remote = [...names].flatMap((one) =>
      one === undefined ? [] : [this.remote({ name: one, accountId, jurisdiction }, description, project)],
    );
    return [...remote, ...this.local(project, name === undefined ? [devName] : [devName, name])];
  }

  /** @param project whose surroundings may let us in */
  private remote(address: BucketAddress, description: string, project?: vscode.Uri): BucketSource {
    const { name, accountId, jurisdiction, endpoint } = address;
    const own = () => this.platform.ownAccess(project);
    return {
      id: ["r2", endpoint ?? accountId ?? "", jurisdiction ?? "", name].join("/"),
      name,
      description,
      isLocal: false,
      hasAccess: () => this.access.isKnown(address, own()),
      open: async (options) => {
        const found = await this.access.find(address, own());
        if (found === undefined) throw noCredentials(t("bucket {0}", name));
        return connect(
          {
            ...address,
            accountId: accountId ?? found.accountId,
            endpoint: endpoint ?? found.endpoint,
          },
          found.credentials,
          { ...options, renew: async () => tokenOf(await own().login?.()) },
        );
      },
    };
  }

  /** The buckets of these names in the state of `wrangler dev`; reading them runs the workspace's own miniflare. */
  private local(project: vscode.Uri, names: readonly string[], persistTo?: string): readonly BucketSource[] {
    if (!vscode.workspace.isTrusted) return [];
    const state = this.platform.localState?.(project, persistTo);
    return state === undefined
      ? []
      : [...new Set(names)]
          .filter((name) => state.names.includes(name))
          .map((name) => localSource(state, name, [project.toString(), persistTo ?? ""]));
  }
}

const tokenOf = (login: Credentials | undefined): string | undefined =>
  login?.kind === "login" ? login.token : undefined;

const localSource = (state: LocalBuckets, name: string, place: readonly string[]): BucketSource => ({
  id: ["local", ...place, name].join("/"),
  name,
  description: t("local, of wrangler dev"),
  isLocal: true,
  hasAccess: async () => true,
  open: () => state.open(name),
});

/** A bucket of the settings, for people. */
function placeOf({ endpoint, accountId, jurisdiction }: BucketAddress): string {
  if (endpoint !== undefined) return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  return [accountId ?? t("from the settings"), jurisdiction].filter(Boolean).join(", ");
}

/** An entry of the settings: a bucket of an account, or with `persistTo` one of a local state. */
type SetBucket = BucketAddress & { readonly persistTo: string | undefined };

/** The buckets of the settings; entries that are none are passed over. */
function configured(): readonly SetBucket[] {
  const given = vscode.workspace.getConfiguration("wasm-postmortem").get<unknown>("buckets");
  if (!Array.isArray(given)) return [];
  return given.flatMap((entry: unknown) => {
    const { name, jurisdiction, ...others } = (entry ?? {}) as Record<string, unknown>;
    if (typeof name !== "string" || !isBucketName(name)) return [];
    const text = (member: string): string | undefined => {
      const value = others[member];
      return typeof value === "string" ? value : undefined;
    };
    return [
      {
        name,
        accountId: text("accountId"),
        jurisdiction: jurisdictions.find((known) => known === jurisdiction),
        endpoint: text("endpoint"),
        persistTo: text("persistTo"),
      },
    ];
  });
}
