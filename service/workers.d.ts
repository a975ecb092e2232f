/** The runtime's own module, as far as the service uses it. */
declare module "cloudflare:workers" {
  import type { ExecutionContext } from "./platform";
  /** What a Worker's class extends: its methods can be called over service bindings. */
  export abstract class WorkerEntrypoint<Env> {
    constructor(ctx: ExecutionContext, env: Env);
    protected readonly ctx: ExecutionContext;
    protected readonly env: Env;
  }
}
