/**
 * Property tests try other values on each run, so that over time they find more. In CI they try the same ones: there
 * a red run is to tell of the change.
 */
import fc from "fast-check";

if (process.env["CI"]) fc.configureGlobal({ seed: 20_260_730 });
