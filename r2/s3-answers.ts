/** What R2's S3 API answers, out of its XML: a page of a listing, and errors. */
import type { BucketPlace, ListPage, ObjectInfo } from "./bucket";
import * as errors from "./errors";
import { etagOf, numberOf, timeOf } from "./object-body";
import { childText, parseXml, type XmlElement, XmlError } from "./xml";

/** The answer to ListObjectsV2. @throws BucketError BadAnswer */
export function readListing(bucket: BucketPlace, xml: string): ListPage {
  const root = documentOf(bucket, xml, "ListBucketResult");
  const decode = childText(root, "EncodingType") === "url" ? decoder(bucket) : (text: string): string => text;
  const named = (name: string): XmlElement[] => root.children.filter((child) => child.name === name);
  const truncated = childText(root, "IsTruncated");
  const cursor = childText(root, "NextContinuationToken");
  if (truncated !== "true" && truncated !== "false")
    throw errors.badAnswer(bucket, "the listing does not say whether it is complete");
  if (truncated === "true" && !cursor)
    throw errors.badAnswer(bucket, "the listing does not say how it goes on");
  return {
    objects: named("Contents").map((element) => objectOf(bucket, element, decode)),
    folders: named("CommonPrefixes").map((element) => decode(required(bucket, element, "Prefix"))),
    cursor: truncated === "true" ? cursor : undefined,
  };
}

function objectOf(bucket: BucketPlace, element: XmlElement, decode: (text: string) => string): ObjectInfo {
  return {
    key: decode(required(bucket, element, "Key")),
    size: numberOf(bucket, childText(element, "Size"), "the size of an object"),
    etag: etagOf(bucket, childText(element, "ETag")),
    modified: timeOf(bucket, childText(element, "LastModified")),
  };
}

/** Error codes that mean more than their status; of any other, the status says what it is. */
const meanings: Readonly<
  Record<string, (bucket: BucketPlace, key: string, detail: string) => errors.BucketError>
> = {
  Unauthorized: (bucket, _, detail) => errors.wrongCredentials(bucket, detail),
  InvalidAccessKeyId: (bucket, _, detail) => errors.wrongCredentials(bucket, detail),
  SignatureDoesNotMatch: (bucket) => errors.wrongCredentials(bucket, "the secret is not that of the key id"),
  ExpiredToken: (bucket, _, detail) => errors.wrongCredentials(bucket, detail),
  InvalidToken: (bucket, _, detail) => errors.wrongCredentials(bucket, detail),
  RequestTimeTooSkewed: (bucket) =>
    errors.wrongCredentials(bucket, "this machine's clock is too far from the server's; set it right"),
  AccessDenied: (bucket, _, detail) => errors.notAllowed(bucket, detail),
  NoSuchBucket: (bucket) => errors.missingBucket(bucket),
  InvalidBucketName: (bucket) => errors.missingBucket(bucket),
  NoSuchKey: errors.notFound,
  PreconditionFailed: errors.changed,
  SlowDown: (bucket, _, detail) => errors.unavailable(bucket, detail),
};

/** The error that an answer with a status of 400 or more stands for. `xml` is empty after a HEAD. */
export function errorOf(bucket: BucketPlace, key: string, status: number, xml: string): errors.BucketError {
  const { code, message } = errorIn(xml);
  const detail =
    code === undefined ? `status ${status}` : message ? `${code}, ${message.replace(/\.$/, "")}` : code;
  const meaning = code === undefined ? undefined : Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  if (meaning !== undefined) return meaning(bucket, key, detail);
  // R2 checks an access key's form before it looks it up.
  if (/^InvalidArgument, Credential/.test(detail)) return errors.wrongCredentials(bucket, detail);
  // Something else than an object is missing, such as an upload in parts.
  if (status === 404 && code !== undefined) return errors.badAnswer(bucket, detail);
  return errors.errorOfStatus(bucket, key, status, detail);
}

/** What an error's answer says; nothing when it is no XML, as a proxy's is. */
function errorIn(xml: string): { readonly code?: string | undefined; readonly message?: string | undefined } {
  try {
    const root = parseXml(xml);
    return root.name === "Error"
      ? { code: childText(root, "Code"), message: childText(root, "Message") }
      : {};
  } catch (error) {
    if (error instanceof XmlError) return {};
    throw error;
  }
}

function documentOf(bucket: BucketPlace, xml: string, name: string): XmlElement {
  let root: XmlElement;
  try {
    root = parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) throw errors.badAnswer(bucket, error.message);
    throw error;
  }
  if (root.name !== name) throw errors.badAnswer(bucket, `it is a ${root.name}, not a ${name}`);
  return root;
}

function required(bucket: BucketPlace, element: XmlElement, name: string): string {
  const text = childText(element, name);
  if (!text) throw errors.badAnswer(bucket, `a ${element.name} has no ${name}`);
  return text;
}

/** Undoes `encoding-type=url`, in which a space may be a plus. */
function decoder(bucket: BucketPlace): (text: string) => string {
  return (text) => {
    try {
      return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
      throw errors.badAnswer(bucket, "a key is not encoded as a URL's part");
    }
  };
}
