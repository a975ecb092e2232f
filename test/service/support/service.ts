/** The service, with faults that a test can switch on, and what it holds to be asked for. */

import CoreDumpService from "../../../service/index";
import type { ExecutionContext, R2Bucket } from "../../../service/platform";
import { pages } from "../../../service/r2-source";
import type { Env } from "../../../service/settings";

export interface Faults {
  /** A regular expression of keys whose writing fails. */
  readonly put?: string;
  /** A regular expression of keys whose reading fails. */
  readonly get?: string;
  /** Variables in place of the Worker's own. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

let faults: Faults = {};

export default class FaultyService extends CoreDumpService {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, { ...env, ...faults.variables, ...(env.STORAGE && { STORAGE: faulty(env.STORAGE) }) });
  }

  configure(wanted: Faults): object {
    faults = wanted;
    return { held: pages.held, mostHeld: pages.mostHeld };
  }
}

const refuse = (key: string, pattern: string | undefined): void => {
  if (pattern !== undefined && new RegExp(pattern).test(key)) throw new Error(`internal error (${key})`);
};

const faulty = (bucket: R2Bucket): R2Bucket => ({
  async head(key) {
    refuse(key, faults.get);
    return bucket.head(key);
  },
  async get(key, options) {
    refuse(key, faults.get);
    return bucket.get(key, options);
  },
  async put(key, value, options) {
    refuse(key, faults.put);
    return bucket.put(key, value, options);
  },
  delete: (key) => bucket.delete(key),
  list: (options) => bucket.list(options),
  async createMultipartUpload(key, options) {
    refuse(key, faults.put);
    return bucket.createMultipartUpload(key, options);
  },
});
