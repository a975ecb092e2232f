/** Objects of buckets as files of this machine, with progress that can be cancelled; what fails is told with a way out. */
import * as vscode from "vscode";
import type { ObjectAddress } from "../../r2/address";
import type { Bucket, Cancellable } from "../../r2/bucket";
import { ObjectCache } from "../../r2/cache";
import { BucketError } from "../../r2/errors";
import { debugFileKey, readCrashKey } from "../../r2/layout";
import { baseName } from "../crash-files/names";
import type { Buckets, WantedPlace } from "./buckets";
import type { CrashFilesSide } from "./crash-files-side";
import type { BucketPlatform } from "./platform";
import { sizeText } from "./texts";

const { t } = vscode.l10n;

const MEBIBYTE = 1024 * 1024;

/** A dump from a bucket, and the debug file of its build where there is one. */
export interface FetchedCrash {
  readonly coreFile: string;
  /** Lower-case hex; undefined when neither dump nor key have it. */
  readonly buildId: string | undefined;
  /** Undefined when the bucket has none, or the workspace has the build itself. */
  readonly program: string | undefined;
}

export class Fetcher {
  constructor(
    private readonly buckets: Buckets,
    private readonly files: CrashFilesSide,
    private readonly platform: BucketPlatform,
    private readonly storage: vscode.Uri,
  ) {}

  /**
   * The crash at an address.
   * @returns undefined when the user cancels
   * @throws BucketError
   */
  async crashAt(address: ObjectAddress, place?: WantedPlace): Promise<FetchedCrash | undefined> {
    return this.crash((options) => this.buckets.holding(address, place, options), address.key);
  }

  /** @returns undefined when the user cancels @throws BucketError */
  async crash(open: OpenBucket, key: string): Promise<FetchedCrash | undefined> {
    return this.withProgress(t("Fetching core dump"), async (fetch, signal) => {
      const bucket = await open({ signal });
      const coreFile = await fetch(bucket, key);
      const buildId = (await this.files.buildIdOf(coreFile)) ?? readCrashKey(key)?.buildId;
      const program = await this.debugFile(bucket, buildId, fetch);
      // So that the crash's page and the next session find it as well.
      if (program !== undefined) await this.files.keepPair(coreFile, program);
      return { coreFile, buildId, program };
    });
  }

  /** Fetches a crash and debugs it. @throws BucketError */
  async debug(open: OpenBucket, key: string): Promise<void> {
    const crash = await this.crash(open, key);
    if (crash !== undefined) await this.files.debug(crash.coreFile, crash.program);
  }

  /** The file of any object: `program` of a launch configuration. @returns undefined when the user cancels */
  async file(address: ObjectAddress, place?: WantedPlace): Promise<string | undefined> {
    return this.withProgress(t("Fetching {0}", baseName(address.key)), async (fetch, signal) =>
      fetch(await this.buckets.holding(address, place, { signal }), address.key),
    );
  }

  /** Removes what was fetched. */
  async clear(): Promise<void> {
    await this.cache().clear();
  }

  private async debugFile(
    bucket: Bucket,
    buildId: string | undefined,
    fetch: Fetch,
  ): Promise<string | undefined> {
    if (buildId === undefined || (await this.files.isInWorkspace(buildId))) return undefined;
    try {
      return await fetch(bucket, debugFileKey(buildId));
    } catch (error) {
      if (error instanceof BucketError && error.kind === "NotFound") return undefined;
      throw error;
    }
  }

  private async withProgress<T>(
    title: string,
    work: (fetch: Fetch, signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      const listener = token.onCancellationRequested(() => abort.abort());
      try {
        return await work(async (bucket, key) => {
          let before = 0;
          const onProgress = (received: number, total: number): void => {
            const done = (100 * received) / Math.max(1, total);
            progress.report({
              message: t("{0} of {1}", sizeText(received), sizeText(total)),
              increment: Math.max(0, done - before),
            });
            before = done;
          };
          return (await this.cache().fetch(bucket, key, { signal: abort.signal, onProgress })).path;
        }, abort.signal);
      } catch (error) {
        if (abort.signal.aborted) return undefined;
        throw error;
      } finally {
        listener.dispose();
      }
    });
  }

  private cache(): ObjectCache {
    const size = vscode.workspace.getConfiguration("wasm-postmortem").get<number>("cacheSize", 2048);
    return new ObjectCache(this.platform.store(this.storage), { limit: size * MEBIBYTE });
  }
}

/** The bucket, which may take questions to find. */
type OpenBucket = (options: Cancellable) => Promise<Bucket>;

/** Fetches an object; gives its file's path. */
type Fetch = (bucket: Bucket, key: string) => Promise<string>;
