/**
 * How a result is shown: with its own format (`,x`), and with children that an expression can be continued to,
 * whatever operators or suffixes the expression ends in.
 */
import type { Address } from "../bytes/offsets";
import type { Provenance } from "../dwarf/machine";
import type { Missing } from "../dwarf/missing";
import type { Child, Children, Value, ValueFormat } from "../values/model";
import { inFormat } from "./formats";
import type { Format } from "./syntax";

export interface Shown {
  readonly format: Format | undefined;
  /** What stands behind the expression: `,x` or `,10`. */
  readonly suffix: string;
  /** Whether the expression must be put into parentheses before a member is asked of it. */
  readonly loose: boolean;
}

/** The value as it is to be shown; itself when there is nothing to change. */
export function shown(value: Value, how: Shown): Value {
  return how.format === undefined && how.suffix === "" && !how.loose ? value : new ShownValue(value, how);
}

/** The value itself, without how it was to be shown: what an expression goes on from. */
export function bare(value: Value): Value {
  return value instanceof ShownValue ? bare(value.value) : value;
}

class ShownValue implements Value {
  constructor(
    readonly value: Value,
    private readonly how: Shown,
  ) {}

  text(format?: ValueFormat): string {
    const { value, how } = this;
    return how.format === undefined ? value.text(format) : inFormat(value, how.format, format);
  }

  get typeName(): string | undefined {
    return this.value.typeName;
  }
  get missing(): Missing | undefined {
    return this.value.missing;
  }
  get address(): Address | undefined {
    return this.value.address;
  }
  get size(): number | undefined {
    return this.value.size;
  }
  get target(): Address | undefined {
    return this.value.target;
  }
  get provenance(): Provenance {
    return this.value.provenance;
  }

  get children(): Children | undefined {
    const { children } = this.value;
    return (
      children && {
        namedCount: children.namedCount,
        indexedCount: children.indexedCount,
        named: () => children.named().map((child) => this.child(child)),
        indexed: (start, count) => children.indexed(start, count).map((child) => this.child(child)),
      }
    );
  }

  /** A child is shown in the same format, and reached from the expression without its suffix. */
  private child(child: Child): Child {
    const { format, suffix, loose } = this.how;
    const own = format === undefined ? "" : `,${format}`;
    const { path } = child;
    return {
      ...child,
      value: shown(child.value, { format, suffix: own, loose: false }),
      path:
        path &&
        ((parent) => {
          const bare = suffix !== "" && parent.endsWith(suffix) ? parent.slice(0, -suffix.length) : parent;
          return path(loose ? `(${bare.trim()})` : bare) + own;
        }),
    };
  }
}
