/** Bytes in pieces: put together, or to be sent. */
import type { Content } from "./bucket";

/** @param size bytes of all pieces */
export function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** As a request's body that is sent in small pieces: no client takes the server of a large one for a silent one. */
export const asBlob = (content: Content): Blob => (content instanceof Blob ? content : new Blob([content]));
