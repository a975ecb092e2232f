// The Worker: that of workers-rs, whose requests fail where the handler panics, as soon as the service has the core dump.
// Without this they would wait until the runtime gives them up.

import { recordCoredump } from "wasm-postmortem/capture";
import { whenCrashed } from "./capture.mjs";
import App from "./pkg/index.js";

export default class extends App {
  async fetch(request) {
    let end;
    const crash = new Promise((_, reject) => {
      end = whenCrashed((error, program) => {
        const coredumpService = this.env.COREDUMPS;
        recordCoredump({ ...program, error, request, coredumpService }).then(() => reject(error));
      });
    });
    try {
      return await Promise.race([super.fetch(request), crash]);
    } finally {
      end();
    }
  }
}
