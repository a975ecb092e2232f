/** `dist/adapter.js`: starts the adapter's bundle, from the code cache where there is one. */
import { join } from "node:path";
import { runCached } from "../host/code-cache";

/** The bundle's content, hashed; put in by the build. */
declare const BUILD: string;

runCached(join(__dirname, "adapter-main.js"), BUILD);
