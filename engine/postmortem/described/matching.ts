/**
 * Which function a subprogram of the debug information is, where the code is not at hand: one list has indices and
 * names, the other names and addresses. Functions lie in the code section in the order of their indices (Wasm spec, "Code
 * Section"), so both lists are in one order.
 *
 * Nothing is guessed. What is described is a function of its name: where as many of a name are in both lists, they are
 * the same ones, in order; so are all that lie between two known ones, where as many are there in both. Matches that are
 * not in order say that the lists are not of the same code. And a body is followed by the size of the next one and nothing
 * else, so that neighbours prove each other's place.
 */
import type { CodeRange } from "../../dwarf/model";

export interface Named {
  /** As the linker writes it: what a function is matched by first. */
  readonly name: string;
  /** Its last part, without parameters: debug information that has lines only knows no more. */
  readonly shortName: string;
}

export interface NamedFunction extends Named {
  readonly index: number;
}

export interface Subprogram extends Named {
  readonly range: CodeRange;
}

/**
 * The bodies of functions by their index, as far as they are certain.
 * @param functions by ascending index
 * @param subprograms in any order
 */
export function matchBodies(
  functions: readonly NamedFunction[],
  subprograms: readonly Subprogram[],
): ReadonlyMap<number, CodeRange> {
  const matcher = new Matcher(functions, withoutOverlaps(subprograms));
  matcher.match();
  return proven(matcher.found);
}

/** By ascending address. Where two cover the same code and are not the same, neither can be told to be right. */
function withoutOverlaps(subprograms: readonly Subprogram[]): readonly Subprogram[] {
  const sorted = subprograms
    .toSorted((a, b) => a.range.low - b.range.low || a.range.high - b.range.high)
    .filter(({ range }, index, all) => {
      const before = all[index - 1]?.range;
      return range.low !== before?.low || range.high !== before.high;
    });
  let reach = 0;
  return sorted.filter(({ range: { low, high } }, index) => {
    const isApart = low >= reach && (sorted[index + 1]?.range.low ?? high) >= high;
    reach = Math.max(reach, high);
    return isApart;
  });
}

/** What is looked at of both lists: from one position up to another. */
interface Span {
  readonly functions: readonly [from: number, to: number];
  readonly subprograms: readonly [from: number, to: number];
  /** Whether what stands on both sides of it is known. */
  readonly enclosed: boolean;
}

/** Positions in both lists. */
interface Match {
  readonly at: number;
  readonly described: number;
}

/** Each pass splits what is unknown at what it finds; in real programs three are enough. */
const MOST_PASSES = 16;

class Matcher {
  readonly found = new Map<number, CodeRange>();

  constructor(
    private readonly functions: readonly NamedFunction[],
    private readonly subprograms: readonly Subprogram[],
  ) {}

  match(): void {
    let spans: readonly Span[] = [
      { functions: [0, this.functions.length], subprograms: [0, this.subprograms.length], enclosed: false },
    ];
    for (const by of ["name", "shortName"] as const)
      for (let pass = 0, before = -1; pass < MOST_PASSES && this.found.size > before; pass++) {
        before = this.found.size;
        spans = spans.flatMap((span) => this.split(span, by));
      }
  }

  /** Matches what is certain of a span. @returns what is left of it */
  private split(span: Span, by: "name" | "shortName"): readonly Span[] {
    const matches = this.allOf(span) ?? this.sameOf(span, by);
    if (matches.length === 0) return [span];
    const left: Span[] = [];
    let [from, described] = [span.functions[0], span.subprograms[0]];
    let enclosed = span.enclosed;
    for (const match of matches) {
      left.push({ functions: [from, match.at], subprograms: [described, match.described], enclosed });
      this.found.set(this.functions[match.at]!.index, this.subprograms[match.described]!.range);
      [from, described] = [match.at + 1, match.described + 1];
      enclosed = true;
    }
    left.push({
      functions: [from, span.functions[1]],
      subprograms: [described, span.subprograms[1]],
      enclosed: span.enclosed,
    });
    return left.filter(
      ({ functions, subprograms }) => functions[0] < functions[1] && subprograms[0] < subprograms[1],
    );
  }

  /** All of a span, where it has as many subprograms as functions between two that are known; else undefined. */
  private allOf({ functions: [from, to], subprograms, enclosed }: Span): readonly Match[] | undefined {
    const count = to - from;
    if (!enclosed || count !== subprograms[1] - subprograms[0]) return undefined;
    // Functions without a name are among them.
    if (this.functions[to]!.index - this.functions[from]!.index !== count) return undefined;
    return Array.from({ length: count }, (_, index) => ({
      at: from + index,
      described: subprograms[0] + index,
    }));
  }

  /** Those of names that both have as often; none where they are not in the same order. */
  private sameOf({ functions, subprograms }: Span, by: "name" | "shortName"): readonly Match[] {
    const described = positionsBy(by, this.subprograms, subprograms);
    const matches: Match[] = [];
    for (const [name, positions] of positionsBy(by, this.functions, functions)) {
      const same = described.get(name);
      if (same?.length === positions.length)
        for (const [index, at] of positions.entries()) matches.push({ at, described: same[index]! });
    }
    matches.sort((a, b) => a.at - b.at);
    const areInOrder = matches.every(
      (match, index) => match.described > (matches[index - 1]?.described ?? -1),
    );
    return areInOrder ? matches : [];
  }
}

function positionsBy(
  by: "name" | "shortName",
  list: readonly Named[],
  [from, to]: readonly [from: number, to: number],
): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  for (let at = from; at < to; at++) {
    const name = list[at]![by];
    const same = positions.get(name);
    if (same === undefined) positions.set(name, [at]);
    else same.push(at);
  }
  return positions;
}

/**
 * The matches that neighbours do not contradict: between a body and the next one there is the latter's size, as LEB128.
 * Where it is contradicted anywhere (wasm-bindgen has some begin a byte late), only what a neighbour proves is left.
 */
function proven(matched: ReadonlyMap<number, CodeRange>): ReadonlyMap<number, CodeRange> {
  const verdicts = new Map<number, boolean>();
  for (const [index, { low, high }] of matched) {
    const before = matched.get(index - 1);
    if (before !== undefined) verdicts.set(index, low - before.high === lengthOfUleb(high - low));
  }
  const isContradicted = [...verdicts.values()].includes(false);
  return new Map([...matched].filter(([index]) => verdicts.get(index) ?? !isContradicted));
}

/** Bytes of an unsigned LEB128 number. */
export function lengthOfUleb(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
