/** Joins types and storages into values: which file presents which kind of type, and what a value is made of. */
import { attempt, FormatError } from "../bytes/errors";
import { type Address, address } from "../bytes/offsets";
import type { Provenance } from "../dwarf/machine";
import { Missing, malformed, missing } from "../dwarf/missing";
import { presentArray } from "./arrays";
import { characterType, presentBase } from "./base";
import { cppViews } from "./cpp/views";
import { presentEnumeration } from "./enumerations";
import { presentMemberPointer } from "./member-pointers";
import type { Children, ValueFormat } from "./model";
import { presentFunction, presentPointer } from "./pointers";
import {
  type Presentation,
  type Style,
  SUMMARY_BUDGET,
  type TypedValue,
  unavailable,
  type View,
  type World,
} from "./presentation";
import { rustViews } from "./rust/views";
import type { Storage } from "./storage";
import { cut } from "./text";
import { strip, type Type } from "./types";
import { presentRecord } from "./variants";
import { zigViews } from "./zig/views";

/** Each language's own views, tried in order. */
const VIEWS: Readonly<Record<string, readonly View[]>> = { cpp: cppViews, rust: rustViews, zig: zigViews };

function present(declared: Type, storage: Storage, world: World, raw: boolean): Presentation {
  const type = strip(declared);
  if (!raw && !(storage.place instanceof Missing)) {
    for (const view of VIEWS[type.flavour.name] ?? []) {
      const presentation = view(type, storage, world);
      if (presentation !== undefined) return withRaw(presentation, declared, storage, world);
    }
  }
  switch (type.kind) {
    case "base":
      return presentBase(characterType(declared) ?? type, storage);
    case "pointer":
      return presentPointer(type, storage, world);
    case "array":
      return presentArray(type, storage, world);
    case "record":
      return presentRecord(type, storage, world);
    case "enumeration":
      return presentEnumeration(type, storage);
    case "function":
      return presentFunction(type, storage, world);
    case "member-pointer":
      return presentMemberPointer(type, storage, world);
    case "void": {
      const bytes = type.size === undefined ? undefined : storage.read(type.size);
      if (bytes instanceof Missing) return unavailable(bytes);
      // The only one that has bytes is C++'s nullptr_t.
      if (bytes === undefined) return { summary: () => type.name };
      return { target: address(0), summary: () => type.flavour.nullPointer };
    }
    default:
      return unavailable(
        storage.place instanceof Missing ? storage.place : missing("incomplete-type", type.name),
      );
  }
}

/** A view's presentation, with the bare members behind a child of their own. */
function withRaw(presentation: Presentation, type: Type, storage: Storage, world: World): Presentation {
  const own = presentation.children;
  const children: Children = {
    namedCount: (own?.namedCount ?? 0) + 1,
    indexedCount: own?.indexedCount ?? 0,
    named: () => [
      ...(own?.named() ?? []),
      { name: "[raw]", value: world.value(type, storage, true), path: undefined, hint: "virtual" },
    ],
    indexed: (start, count) => own?.indexed(start, count) ?? [],
  };
  return {
    missing: presentation.missing,
    target: presentation.target,
    children,
    summary: (style) => presentation.summary(style),
  };
}

/** A value that is worked out when one of its parts is asked for. */
export class DecodedValue implements TypedValue {
  private known: Presentation | undefined;

  constructor(
    readonly type: Type,
    readonly storage: Storage,
    readonly world: World,
    private readonly raw = false,
  ) {}

  private get presentation(): Presentation {
    this.known ??= this.sound(() => present(this.type, this.storage, this.world, this.raw));
    return this.known;
  }

  /** Malformed debug information makes the value Missing, never the question fail. */
  private sound(work: () => Presentation): Presentation {
    const outcome = attempt(work);
    return outcome instanceof FormatError ? unavailable(malformed(outcome)) : outcome;
  }

  text(format?: ValueFormat): string {
    const { hex = false, budget = SUMMARY_BUDGET } = format ?? {};
    return this.summary({ ...format, hex, budget, depth: 0 });
  }

  summary(style: Style): string {
    const outcome = attempt(() => this.presentation.summary(style));
    const text = outcome instanceof FormatError ? `<unavailable: ${outcome.problem}>` : outcome;
    return this.missing !== undefined ? text : cut(text, 2 * Math.max(SUMMARY_BUDGET, style.budget));
  }

  get typeName(): string {
    return this.type.name;
  }

  get missing(): Missing | undefined {
    return this.presentation.missing;
  }

  get address(): Address | undefined {
    return this.storage.address;
  }

  get size(): number | undefined {
    return this.type.size;
  }

  get target(): Address | undefined {
    return this.presentation.target;
  }

  get provenance(): Provenance {
    return this.storage.provenance;
  }

  get children(): Children | undefined {
    return this.presentation.children;
  }
}
