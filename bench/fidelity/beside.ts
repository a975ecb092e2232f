/** Our values beside LLDB's, leaf by leaf, down to the members of what pointers point to. */

import { settle } from "../../engine/bytes/remote-source";
import type { Missing } from "../../engine/dwarf/missing";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import type { Child, Value } from "../../engine/values/model";
import { isAbsent, type Lldb, type Property, type Remote } from "./lldb";
import { codeOf, isSameText, wholeAt } from "./same";

/** Elements of one array, levels of members and pointers, and nested base classes that are compared. */
const ELEMENTS = 16;
const LEVELS = 4;
const BASES = 8;
/** Views in front of each other. */
const VIEWS = 3;

export type Oddity =
  /** Read where it would be if its base class were the object's first. */
  | "base class's place left out"
  /** In an array whose length or stride LLDB does not know. */
  | "array of unknown length"
  /** One for all members of the name, each in a base class of its own. */
  | "bases mixed up"
  /** Its absolute value. */
  | "without its sign";

export interface Finding {
  readonly kind: "same" | "only ours" | "only LLDB's" | "differ";
  /** E.g. `flags/delta`. */
  readonly path: string;
  /** Whether we have anything at the path, be it a reason why there is no value. */
  readonly listed: boolean;
  readonly ours: string;
  readonly theirs: string;
  readonly type: string;
  /** Why we lack it. */
  readonly missing: Missing | undefined;
  /** What LLDB's host has made of it, where that can be told. */
  readonly oddity: Oddity | undefined;
}

/** Compares the variables of one frame. @param inlined see {@link Lldb.variables} */
export async function compareFrame(
  lldb: Lldb,
  frame: Frame,
  inlined: number,
  withGlobals: boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const listed = await lldb.variables(frame, inlined);
  const ours = ourVariables(frame);
  const comparison = new Comparison(lldb, frame, findings);
  const seen = new Set<string>();
  for (const { name, scope } of listed) {
    if (seen.has(name) || (scope === "GLOBAL" && !withGlobals)) continue;
    seen.add(name);
    const own =
      ours.get(name.replaceAll("(anonymous namespace)::", "")) ??
      (scope === "GLOBAL" ? await named(name, frame) : undefined);
    await comparison.compare(name, own, await lldb.value(name, inlined), 0);
  }
  for (const [name, value] of ours)
    if (!seen.has(name) && !value.isStatic) await comparison.compare(name, value, undefined, 0);
  return findings;
}

/** A constant of a class, which takes no place, is no variable; an expression finds it all the same. */
async function named(name: string, frame: Frame): Promise<Pick<Child, "value"> | undefined> {
  try {
    return { value: await settle(() => evaluateInFrame(name, frame)) };
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

interface OwnVariable extends Pick<Child, "name" | "value"> {
  readonly isStatic: boolean;
}

/** The innermost of each name. */
function ourVariables(frame: Frame): Map<string, OwnVariable> {
  const found = new Map<string, OwnVariable>();
  for (const kind of ["locals", "arguments", "statics"] as const)
    for (const scope of frame.scopes().filter((one) => one.kind === kind))
      for (const { name, value, evaluateName } of scope.variables())
        for (const known of [name, evaluateName ?? name])
          if (!found.has(known)) found.set(known, { name, value, isStatic: kind === "statics" });
  return found;
}

class Comparison {
  constructor(
    private readonly lldb: Lldb,
    private readonly frame: Frame,
    private readonly findings: Finding[],
  ) {}

  /** @param within the object or array that `own` is a part of */
  async compare(
    path: string,
    own: Pick<Child, "value"> | undefined,
    remote: Remote | undefined,
    level: number,
    within: { readonly whole?: Value; readonly inherited?: Oddity | undefined } = {},
  ): Promise<void> {
    const properties = remote === undefined ? [] : await this.lldb.properties(remote);
    const isRecord = remote?.type === "object" || remote?.type === "array";
    const theirs =
      remote === undefined || isAbsent(remote) || (isRecord && properties.length === 0) ? undefined : remote;
    const ours = own?.value.missing === undefined ? own?.value : undefined;
    if (ours === undefined && theirs === undefined) return;
    const inherited =
      within.inherited ?? (/\[\]/.test(theirs?.description ?? "") ? "array of unknown length" : undefined);
    const note = (kind: Finding["kind"]): void => {
      this.findings.push({
        kind,
        path,
        listed: own !== undefined,
        ours: own === undefined ? "(not listed)" : own.value.text(),
        theirs: theirs === undefined ? "(nothing)" : (theirs.description ?? String(theirs.value)),
        type: own?.value.typeName ?? "",
        missing: own?.value.missing,
        oddity: inherited ?? (theirs && ours && this.oddity(ours, within.whole, theirs)),
      });
    };
    if (theirs === undefined) return note("only ours");
    if (ours === undefined) return note("only LLDB's");
    if (!isRecord) return note(isSameText(ours, theirs, path, this.frame) ? "same" : "differ");
    const [first, second] = properties;
    if (first !== undefined && second === undefined && isPlace(first)) {
      const to = Number(first.name);
      const from = ours.target ?? offsetOf(ours) ?? ours.address;
      note(from === to ? "same" : "differ");
      if (to !== 0 && from === to && level < LEVELS)
        await this.comparePointee(`${path}/*`, ours, first.value, level + 1, inherited);
    } else if (isFormattedText(properties))
      note(
        isSameText(ours, properties.find(({ name }) => name === "string")!.value, path, this.frame)
          ? "same"
          : "differ",
      );
    else if (level < LEVELS) await this.compareMembers(path, ours, properties, level + 1, inherited);
  }

  /** A pointer's children are its target's members, or for a target that has none the target. */
  private async comparePointee(
    path: string,
    pointer: Value,
    remote: Remote,
    level: number,
    inherited: Oddity | undefined,
  ): Promise<void> {
    const [first] = childrenOf(pointer);
    if (first?.name.startsWith("*") === true) return this.compare(path, first, remote, level, { inherited });
    const properties = await this.lldb.properties(remote);
    if (properties.length === 1 && isPlace(properties[0]!))
      return this.compare(`${path}/0`, first, properties[0]!.value, level, {
        inherited: "array of unknown length",
      });
    if (!isAbsent(remote)) await this.compareMembers(path, pointer, properties, level, inherited);
  }

  private async compareMembers(
    path: string,
    ours: Value,
    properties: readonly Property[],
    level: number,
    inherited: Oddity | undefined,
  ): Promise<void> {
    const elements = properties.every(({ name }) => /^\d+$/.test(name));
    const children = childrenOf(ours);
    const members = elements ? children : withoutViews(children);
    for (const { name, value } of properties.slice(0, ELEMENTS)) {
      const [child, another] = membersNamed(elements ? `[${name}]` : name, members);
      const mixed = another === undefined ? inherited : "bases mixed up";
      // What LLDB calls so has no name: a record, or the bits between bit-fields.
      if (child === undefined && name === "<union>")
        await this.compareMembers(path, ours, await this.lldb.properties(value), level + 1, inherited);
      else await this.compare(`${path}/${name}`, child, value, level, { whole: ours, inherited: mixed });
    }
  }

  private oddity(ours: Value, whole: Value | undefined, theirs: Remote): Oddity | undefined {
    if (this.wasReadInBase(ours, whole, theirs)) return "base class's place left out";
    const number = ours.address === undefined ? undefined : wholeAt(this.frame, ours.address, ours.size);
    const isNegative = ours.size === 1 && number !== undefined && number > 127n;
    return isNegative && codeOf(String(theirs.value)) === Number(256n - number)
      ? "without its sign"
      : undefined;
  }

  /**
   * Whether LLDB's number is what lies where the member would be if its base class were the object's first:
   * its host leaves out where a base class starts.
   */
  private wasReadInBase(ours: Value, whole: Value | undefined, theirs: Remote): boolean {
    const start = whole?.target ?? whole?.address;
    if (whole === undefined || start === undefined || ours.address === undefined) return false;
    const raw = childrenOf(whole).find(({ name }) => name === "[raw]");
    return basesOf(childrenOf(raw?.value ?? whole)).some(({ value }) => {
      const at = start + ours.address! - (value.address ?? start);
      return (
        value.address !== start &&
        at !== ours.address &&
        wholeAt(this.frame, at, ours.size) === wholeOf(theirs, ours.size)
      );
    });
  }
}

const childrenOf = ({ children }: Value): readonly Child[] =>
  children === undefined ? [] : [...children.named(), ...children.indexed(0, ELEMENTS)];

/** The bare members behind views: a pointer that has one may lead to what has another. */
function withoutViews(children: readonly Child[], depth = 0): readonly Child[] {
  const raw = children.find(({ name }) => name === "[raw]");
  return raw === undefined || depth > VIEWS ? children : withoutViews(childrenOf(raw.value), depth + 1);
}

/** Base classes, and records without a name, whose members count as the object's own. */
function basesOf(members: readonly Child[], depth = 0): readonly Child[] {
  if (depth > BASES) return [];
  const bases = members.filter(({ name, hint }) => hint === "base" || !/^[\w~*[$]/.test(name));
  return [...bases, ...bases.flatMap(({ value }) => basesOf(childrenOf(value), depth + 1))];
}

/**
 * The object's own of that name, or what its base classes have of it.
 * @param theirs the name in DWARF, which we show as the language writes it
 */
function membersNamed(theirs: string, members: readonly Child[]): readonly Child[] {
  const name = /^__(\d+)$|^_ref__(.+)$/.exec(theirs)?.slice(1).find(Boolean) ?? theirs;
  const own = members.find((child) => child.name === name);
  if (own !== undefined) return [own];
  const bases = basesOf(members);
  const inherited = bases.flatMap(({ value }) => childrenOf(value)).filter((child) => child.name === name);
  if (inherited.length > 0) return inherited;
  return bases
    .filter(({ value }) => value.typeName === name || value.typeName?.endsWith(`::${name}`))
    .slice(0, 1);
}

/** `0x4010`: what a pointer points to, or where an array of no known length starts. */
const isPlace = ({ name }: Property): boolean => /^0x[0-9a-f]+$/.test(name);

/** How LLDB's host writes a std::string. */
const isFormattedText = (properties: readonly Property[]): boolean =>
  properties.length === 2 && ["size", "string"].every((name) => properties.some((one) => one.name === name));

/** A member pointer's offset. */
function offsetOf(value: Value): number | undefined {
  const offset = /^\w+\+(\d+)$/.exec(value.text())?.[1];
  return offset === undefined ? undefined : Number(offset);
}

function wholeOf({ value }: Remote, size: number | undefined): bigint | undefined {
  const number = typeof value === "bigint" || Number.isInteger(value);
  return number && size !== undefined ? BigInt.asUintN(8 * size, BigInt(value as number)) : undefined;
}
