// A Worker that answers with a price. Where the look-up panics, the request fails at once, and the dump is there: /dump
// answers with it, where a real Worker would send it (`recordCoredump`).
import { whenCrashed } from "./capture.mjs";
import { initSync, price } from "./pkg/prices.js";
import module from "./pkg/prices_bg.wasm";

initSync({ module });

let dump;

/** What a promise of the glue gives, or the error of a trap that it will never tell. */
async function settled(promise) {
  let end;
  const crash = new Promise((_, reject) => {
    end = whenCrashed((taken, error) => {
      dump = taken.bytes();
      reject(error);
    });
  });
  try {
    return await Promise.race([promise, crash]);
  } finally {
    end();
  }
}

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/dump") return new Response(dump, { status: dump ? 200 : 404 });
    try {
      return new Response(`${await settled(price(Number(pathname.slice(1))))}`);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
