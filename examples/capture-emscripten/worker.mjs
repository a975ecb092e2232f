// A Worker that answers with a price, and with the dump of each crash: also of one in a callback that nobody waits for.
import { createWatched } from "./capture.mjs";
import createModule from "./pkg/prices.mjs";
import module from "./pkg/prices.wasm";

const dumps = [];
let crashed = () => {};
const program = createWatched(createModule, module, (dump) => {
  dumps.push(dump.bytes());
  crashed();
});

export default {
  async fetch(request) {
    const [, what, index] = new URL(request.url).pathname.split("/");
    const prices = await program;
    if (what === "dump") return new Response(dumps[index], { status: dumps[index] ? 200 : 404 });
    if (what !== "later") return new Response(`${prices._price(Number(index))}`);
    const crash = new Promise((resolve) => {
      crashed = resolve;
    });
    prices._price_later(Number(index));
    await crash;
    return new Response("crashed later");
  },
};
