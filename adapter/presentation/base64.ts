/** Base64 (RFC 4648 §4) without a platform: the adapter runs in Node, browsers and Workers alike. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Bytes encoded into one piece of text; a multiple of 3, so that only the last piece has padding. */
const PIECE = 3 * 4096;

export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) pieces.push(encode(bytes.subarray(at, at + PIECE)));
  return pieces.join("");
}

function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    text += at + 1 < bytes.length ? ALPHABET[(group >> 6) & 63]! : "=";
    text += at + 2 < bytes.length ? ALPHABET[group & 63]! : "=";
  }
  return text;
}
