/**
 * The named entries of a unit that a program's names can lead to, in one pass that may stop at any entry and go
 * on later: a survey of all units takes seconds in a large module, and nobody is to wait for it in one go.
 *
 * Entries are stepped over on raw bytes; only the names of wanted ones are read.
 */
import { type SectionOffset, sectionOffset } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import type { Abbreviation, AbbreviationTable } from "./abbreviations";
import { DW_AT } from "./constants";
import type { AttributeValue, Entry, NamedEntry, NamedEntryPass } from "./model";

/** Which entries a pass looks at. */
export interface WantedEntries {
  /** Tags of those whose names are wanted. */
  readonly tags: ReadonlySet<number>;
  /** Tags of those whose children are looked at; the unit's own entry is one anyway. */
  readonly scopes: ReadonlySet<number>;
}

/** What the pass asks of its unit. */
export interface NamedUnit {
  readonly abbreviations: AbbreviationTable;
  readonly firstEntry: number;
  /** The unit's bytes, from its header on. */
  reader(): ByteReader;
  readAttribute(attributes: number, abbreviation: Abbreviation, index: number): AttributeValue | undefined;
  entryAt(offset: SectionOffset): Entry;
}

export class NamedEntries implements NamedEntryPass {
  /** The entry that comes next, from the start of the unit's section. */
  private next: number;
  private depth = 0;
  /** Depth of the children that are passed over, as their owner is no scope; 0 when none are. */
  private hidden = 0;
  private ended = false;

  constructor(
    private readonly unit: NamedUnit,
    private readonly wanted: WantedEntries,
  ) {
    this.next = unit.firstEntry;
  }

  get done(): boolean {
    return this.ended;
  }

  advance(most: number, found: (entry: NamedEntry) => void): number {
    const { unit, wanted } = this;
    const body = unit.reader();
    const { bytes, base } = body;
    let seen = 0;
    for (; seen < most && !this.ended; seen++) {
      const start = this.next - base;
      if (start >= bytes.length) {
        this.ended = true;
        break;
      }
      body.position = this.next;
      const code = body.uleb();
      if (code === 0) {
        this.next++;
        this.close();
        continue;
      }
      const attributes = body.position;
      const abbreviation = unit.abbreviations.get(code);
      if (abbreviation === undefined) return body.fail(`Abbreviation ${code} is not declared`);
      const after = abbreviation.after(bytes, attributes - base);
      if (!(after <= bytes.length)) body.fail("The entry is malformed or reaches past the end of its unit");
      if (this.hidden === 0 && wanted.tags.has(abbreviation.tag)) {
        const offset = sectionOffset(this.next);
        const name = this.nameOf(offset, attributes, abbreviation);
        if (name !== undefined) found({ offset, tag: abbreviation.tag, name });
      }
      // From here on nothing can be "not here yet": this entry is done.
      this.next = base + after;
      if (abbreviation.hasChildren) this.open(abbreviation.tag);
      else if (this.depth === 0) this.ended = true;
    }
    return seen;
  }

  private open(tag: number): void {
    this.depth++;
    const isScope = this.depth === 1 || this.wanted.scopes.has(tag);
    if (this.hidden === 0 && !isScope) this.hidden = this.depth;
  }

  private close(): void {
    this.depth--;
    if (this.depth < this.hidden) this.hidden = 0;
    if (this.depth <= 0) this.ended = true;
  }

  /** Its own name, or the one that it takes from what it completes. */
  private nameOf(offset: SectionOffset, attributes: number, abbreviation: Abbreviation): string | undefined {
    const index = abbreviation.indexOf(DW_AT.name);
    if (index < 0)
      return COMPLETING.some((at) => abbreviation.indexOf(at) >= 0)
        ? this.unit.entryAt(offset).name
        : undefined;
    const value = this.unit.readAttribute(attributes, abbreviation, index);
    return value?.kind === "string" ? value.value : undefined;
  }
}

/** Attributes through which an entry without a name of its own may have one. */
const COMPLETING = [DW_AT.abstract_origin, DW_AT.specification, DW_AT.signature, DW_AT.import];
