/**
 * The buckets that crashes may be in: those of the user's settings, of the workspace's wrangler configurations, and of
 * the local state of `wrangler dev` beside these.
 */
import * as vscode from "vscode";
import { type BucketAddress, isBucketName, jurisdictions } from "../../r2/address";
import type { Bucket } from "../../r2/bucket";
import { type ConfiguredBucket, configNames, configuredBuckets } from "../../r2/config";
import { connect } from "../../r2/connect";
import { missingBucket, noCredentials } from "../../r2/errors";
import { baseName } from "../crash-files/names";
import { findByName } from "../find-files";
import type { Access } from "./access";
import type { BucketPlatform } from "./platform";

const { t } = vscode.l10n;

export interface BucketSource {
  /** Unique among the sources. */
  readonly id: string;
  /** As in `r2://name/key`. */
  readonly name: string;
  /** Where it was found, for people. */
  readonly description: string;
  /** Whether anything is known that would let us in. */
  hasAccess(): Promise<boolean>;
  /** @throws BucketError */
  open(): Promise<Bucket>;
}

export interface FoundBuckets {
  readonly sources: readonly BucketSource[];
  /** Configurations that cannot be read. */
  readonly problems: readonly unknown[];
}

export class Buckets {
  constructor(
    private readonly access: Access,
    private readonly platform: BucketPlatform,
  ) {}

  /** All of them, each once. */
  async find(): Promise<FoundBuckets> {
    const sources = configured().map((address) => this.remote(address, placeOf(address)));
    const problems: unknown[] = [];
    for (const uri of await configurations()) {
      try {
        const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
        const found = configuredBuckets(vscode.workspace.asRelativePath(uri), text);
        sources.push(...found.flatMap((bucket) => this.sourcesOf(uri, bucket)));
      } catch (error) {
        problems.push(error);
      }
    }
    return { sources: [...new Map(sources.map((source) => [source.id, source])).values()], problems };
  }

  /**
   * The source of a bucket: of several with this name one that lets us in.
   * @throws BucketError MissingBucket when there is none
   */
  async named(name: string): Promise<BucketSource> {
    const { sources } = await this.find();
    const named = sources.filter((source) => source.name === name);
    for (const source of named) if (await source.hasAccess()) return source;
    if (named[0] === undefined) throw missingBucket({ name, place: t("the workspace's configuration") });
    return named[0];
  }

  /** A bucket by its name alone, of the user's own account. */
  unconfigured(name: string): BucketSource {
    return this.remote({ name }, "");
  }

  private sourcesOf(uri: vscode.Uri, found: ConfiguredBucket): readonly BucketSource[] {
    const { name, localName, accountId, jurisdiction, environment } = found;
    const where = vscode.workspace.asRelativePath(uri);
    const remote =
      name === undefined
        ? []
        : [
            this.remote(
              { name, accountId, jurisdiction },
              environment === undefined ? where : `${where} (${environment})`,
            ),
          ];
    return [...remote, ...this.local(uri, localName)];
  }

  private remote(address: BucketAddress, description: string): BucketSource {
    const { name, accountId, jurisdiction, endpoint } = address;
    return {
      id: ["r2", endpoint ?? accountId ?? "", jurisdiction ?? "", name].join("/"),
      name,
      description,
      hasAccess: async () => (await this.access.find(address)) !== undefined,
      open: async () => {
        const found = await this.access.find(address);
        if (found === undefined) throw noCredentials(t("bucket {0}", name));
        return connect(
          {
            ...address,
            accountId: accountId ?? found.accountId,
            endpoint: endpoint ?? found.endpoint,
          },
          found.credentials,
        );
      },
    };
  }

  /** The bucket in the state of `wrangler dev`; reading it runs the workspace's own miniflare. */
  private local(configuration: vscode.Uri, name: string): readonly BucketSource[] {
    const state = vscode.workspace.isTrusted ? this.platform.localState?.(configuration) : undefined;
    if (state === undefined || !state.names.includes(name)) return [];
    return [
      {
        id: ["local", configuration.toString(), name].join("/"),
        name,
        description: t("local, of wrangler dev"),
        hasAccess: async () => true,
        open: () => state.open(name),
      },
    ];
  }
}

/** A bucket of the settings, for people. */
function placeOf({ endpoint, accountId, jurisdiction }: BucketAddress): string {
  if (endpoint !== undefined) return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  return [accountId ?? t("from the settings"), jurisdiction].filter(Boolean).join(", ");
}

/** The buckets of the settings; entries that are none are passed over. */
function configured(): readonly BucketAddress[] {
  const given = vscode.workspace.getConfiguration("wasm-postmortem").get<unknown>("buckets");
  if (!Array.isArray(given)) return [];
  return given.flatMap((entry: unknown) => {
    const { name, accountId, jurisdiction, endpoint } = (entry ?? {}) as Record<string, unknown>;
    if (typeof name !== "string" || !isBucketName(name)) return [];
    const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
    return [
      {
        name,
        accountId: text(accountId),
        jurisdiction: jurisdictions.find((known) => known === jurisdiction),
        endpoint: text(endpoint),
      },
    ];
  });
}

/** The wrangler configurations of the workspace: of each folder the one that wrangler takes. */
async function configurations(): Promise<readonly vscode.Uri[]> {
  const best = new Map<string, vscode.Uri>();
  const rank = (uri: vscode.Uri): number =>
    configNames.indexOf(baseName(uri.path) as (typeof configNames)[number]);
  for (const uri of await findByName(configNames)) {
    const folder = vscode.Uri.joinPath(uri, "..").toString();
    const known = best.get(folder);
    if (known === undefined || rank(uri) < rank(known)) best.set(folder, uri);
  }
  return [...best.values()].sort((a, b) => a.path.localeCompare(b.path));
}
