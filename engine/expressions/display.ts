/**
 * How a result is shown: with its own format (`,x`), and with children that an expression can be continued to,
 * whatever operators or suffixes the expression ends in.
 */
import type { Address } from "../bytes/offsets";
import { address } from "../bytes/offsets";
import type { Provenance } from "../dwarf/machine";
import { Missing } from "../dwarf/missing";
import { integerOf } from "../values/base";
import type { Child, Children, Value, ValueFormat } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { quoteCharacter, quoteUtf8, textAt } from "../values/text";
import { strip } from "../values/types";
import type { Format } from "./syntax";
import { isTyped } from "./typed";

/** Bytes that `,s` reads. */
const TEXT_LIMIT = 1024;

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

class ShownValue implements Value {
  constructor(
    private readonly value: Value,
    private readonly how: Shown,
  ) {}

  text(format?: ValueFormat): string {
    const { value, how } = this;
    if (how.format === undefined || value.missing !== undefined) return value.text(format);
    return formatted(value, how.format) ?? value.text(format);
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

/** A value in a format; undefined where the format says nothing of such a value. */
function formatted(value: Value, format: Format): string | undefined {
  if (format === "x" || format === "h") return value.text({ hex: true });
  if (!isTyped(value)) return undefined;
  if (format === "s") return textFormat(value);
  const number = integerOf(value.type, value.storage);
  if (typeof number !== "bigint") return undefined;
  const bits = value.storage.bits ?? 8 * (value.size ?? 0);
  const unsigned = BigInt.asUintN(bits, number);
  switch (format) {
    case "d":
      return number.toString();
    case "b":
      return `0b${unsigned.toString(2).padStart(bits, "0")}`;
    case "o":
      return `0o${unsigned.toString(8)}`;
    default:
      return unsigned <= 0x10ffffn ? quoteCharacter(Number(unsigned)) : undefined;
  }
}

/** Text up to its NUL at a pointer, or in an array of bytes. */
function textFormat(value: TypedValue): string | undefined {
  const type = strip(value.type);
  if (type.kind === "pointer" && value.target !== undefined && value.target !== 0) {
    const found = textAt(value.world.frame.machine, address(value.target), 1, TEXT_LIMIT);
    return found instanceof Missing ? undefined : quoteUtf8(found.bytes, TEXT_LIMIT, found.more);
  }
  const size = type.kind === "array" && strip(type.element).size === 1 ? type.size : undefined;
  if (size === undefined) return undefined;
  const bytes = value.storage.read(Math.min(size, TEXT_LIMIT));
  if (bytes instanceof Missing) return undefined;
  const end = bytes.indexOf(0);
  return quoteUtf8(end < 0 ? bytes : bytes.subarray(0, end), TEXT_LIMIT, end < 0 && size > TEXT_LIMIT);
}
