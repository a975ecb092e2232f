/** `expected`: its value, or why there is none. */
import { Missing } from "../../dwarf/missing";
import { namedChildren, type Presentation, unavailable } from "../presentation";
import { delegated } from "./holders";
import { corrupted, type Part } from "./layout";

/** Wrappers that keep the library's unions from sharing their padding. */
const unwrapped = (part: Part | undefined): Part | undefined => part?.member("__v") ?? part;

export interface Expectation {
  readonly isMet: boolean;
  /** The value, or the error; undefined for the value of an `expected<void, E>`. */
  readonly held: Part | undefined;
}

/** What an `expected` holds; undefined where its members are not those that are known. */
export function expectationOf(whole: Part): Expectation | Missing | undefined {
  const representation = unwrapped(whole.member("__repr_"));
  const has = (representation?.member("__has_val_") ?? whole.member("__has_val_"))?.number();
  const union = unwrapped(representation?.member("__union_") ?? whole.member("__union_"));
  if (has === undefined || has instanceof Missing) return has;
  if (has > 1) return corrupted(`a truth value of ${has}`);
  const held = union?.member(has === 1 ? "__val_" : "__unex_");
  return held === undefined && has === 0 ? undefined : { isMet: has === 1, held };
}

export function presentExpected(whole: Part): Presentation | undefined {
  const expectation = expectationOf(whole);
  if (expectation === undefined) return undefined;
  if (expectation instanceof Missing) return unavailable(expectation);
  const { isMet, held } = expectation;
  if (isMet) return held === undefined ? { summary: () => "{}" } : delegated(held);
  const error = held!;
  return {
    summary: (style) => `unexpected(${error.value.summary(style)})`,
    children: namedChildren(1, () => [
      { name: "error", value: error.value, path: (parent) => error.path(parent), hint: "virtual" },
    ]),
  };
}
