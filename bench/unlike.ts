/** Copies of one module that V8 takes for different ones. */

let copies = 0;

/**
 * The module with a custom section behind it that no copy before had: V8 shares the code of equal modules, and
 * dies of a breakpoint in one that was removed in another.
 */
export function unlike(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const number = String(++copies).padStart(8, "0");
  const section = Uint8Array.of(0, 10, 1, 0x6e, ...new TextEncoder().encode(number));
  const copy = new Uint8Array(bytes.length + section.length);
  copy.set(bytes);
  copy.set(section, bytes.length);
  return copy;
}
