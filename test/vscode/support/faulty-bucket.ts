/** A bucket over S3 with the objects of a real one, whose dumps come only as far as a test wants. */

import { readObject } from "../../../r2/read-object";
import { S3Bucket } from "../../../r2/s3";
import type { Example } from "../../../scripts/example-cloudflare.mjs";
import { type Loopback, loopback } from "../../r2/support/loopback";
import { type Fault, listingXml, objectXml, serveObject } from "../../r2/support/s3-fake";

export interface FaultyBucket extends Pick<Loopback, "url" | "requests" | "close"> {
  /** What happens to dumps from now on. */
  fault: Fault;
  /** Bytes of its dump. */
  readonly size: number;
}

/** Of an example that has crashed. */
export async function faultyBucket({ bucket, s3, keys }: Example): Promise<FaultyBucket> {
  const source = new S3Bucket({ name: bucket, endpoint: s3.endpoint }, s3);
  const objects = new Map<string, Uint8Array>();
  for (const key of await keys()) objects.set(key, await readObject(source, key, { largest: 2 ** 24 }));
  const isDump = (key: string): boolean => key.endsWith(".coredump");
  const state: { fault: Fault } = { fault: {} };
  const server = await loopback((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://loopback");
    const key = pathname.split("/").slice(2).join("/");
    if (key === "") {
      response.end(listed([...objects], searchParams.get("prefix") ?? "", searchParams.get("delimiter")));
      return;
    }
    const content = objects.get(key);
    if (content === undefined) response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    else serveObject(request, response, content, isDump(key) ? state.fault : {});
  });
  const size = [...objects].find(([key]) => isDump(key))![1].length;
  return Object.assign(state, server, { size });
}

function listed(objects: readonly [string, Uint8Array][], prefix: string, delimiter: string | null): string {
  const found = new Set<string>();
  for (const [key, content] of objects) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    found.add(
      cut < 0
        ? objectXml(key, content)
        : `<CommonPrefixes><Prefix>${key.slice(0, cut + 1)}</Prefix></CommonPrefixes>`,
    );
  }
  return listingXml([...found].join(""));
}
