/** Listings beyond their first page. */
import type { Bucket, ListOptions, ListPage } from "./bucket";
import { badAnswer } from "./errors";

/**
 * The pages of a listing, each asked for when it is wanted.
 * @throws BucketError BadAnswer when the server gives the same cursor again, which would never end
 */
export async function* listAll(
  bucket: Bucket,
  options: Omit<ListOptions, "cursor"> = {},
): AsyncGenerator<ListPage> {
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ ...options, cursor });
    yield page;
    if (page.cursor !== undefined && page.cursor === cursor)
      throw badAnswer(bucket, "the listing's next page is this one again");
    cursor = page.cursor;
  } while (cursor !== undefined);
}
