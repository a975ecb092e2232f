/** Damaged files for fuzzing: bytes changed, cut, doubled, and lengths blown up. */
import fc from "fast-check";

type Mutation =
  | { readonly kind: "set"; readonly at: number; readonly value: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "remove" | "repeat"; readonly at: number; readonly length: number };

/** Values that make trouble: the largest LEB bytes, signs, ends, type codes. */
const nasty = fc.constantFrom(0x00, 0x01, 0x0b, 0x40, 0x7f, 0x80, 0xfb, 0xfd, 0xff);

/** Where to mutate is a fraction of the file, so that one arbitrary serves every file. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const mutation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("set" as const),
      at: place,
      value: fc.oneof(nasty, fc.nat(255)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), at: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("remove" as const, "repeat" as const),
      at: place,
      length: fc.nat(40),
    }),
  },
);

/** Mutated copies of `bytes`, a few changes each. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .array(mutation, { minLength: 1, maxLength: 6 })
    .map((mutations) => mutations.reduce(apply, bytes));
}

function apply(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const at = Math.floor(mutation.at * bytes.length);
  switch (mutation.kind) {
    case "set": {
      const changed = bytes.slice();
      if (at < changed.length) changed[at] = mutation.value;
      return changed;
    }
    case "cut":
      return bytes.slice(0, at);
    case "remove":
      return joined(bytes.subarray(0, at), bytes.subarray(at + mutation.length));
    case "repeat":
      return joined(bytes.subarray(0, at + mutation.length), bytes.subarray(at));
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
