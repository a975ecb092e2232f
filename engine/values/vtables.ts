/**
 * Where vtables lie, and whose they are: compilers describe each as a static variable, clang as `_vtable$` of its
 * class, rustc as `<T as Trait>::{vtable}`. A unit's are looked up once, and other units' only when a vtable is
 * none of the near one's.
 */
import { DW_AT } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import type { DebugInformation, Entry, Unit } from "../dwarf/model";
import type { World } from "./presentation";

/** A vtable's variable, and where it begins. */
interface Vtable {
  readonly variable: Entry;
  readonly start: number;
}

const last = (vtables: readonly Vtable[]): Vtable | undefined =>
  vtables.reduce<Vtable | undefined>(
    (best, next) => (best && best.start > next.start ? best : next),
    undefined,
  );

/** The vtables that one unit describes. */
function vtablesOf(unit: Unit, world: World): readonly Vtable[] {
  const found: Vtable[] = [];
  for (const variable of unit.globalVariables()) {
    const { name } = variable;
    if (name !== "_vtable$" && name?.endsWith("{vtable}") !== true) continue;
    const location = variable.location(DW_AT.location, undefined);
    if (location === undefined || location === "not-here") continue;
    const place = world.place(location, unit);
    // What the linker discarded has no address of its own.
    if (place instanceof Missing || place.kind !== "memory" || place.address === 0) continue;
    found.push({ variable, start: place.address });
  }
  return found;
}

class VtableIndex {
  private readonly units = new Map<Unit, readonly Vtable[]>();

  constructor(private readonly debug: DebugInformation) {}

  /** Of those that fit the one that begins last, of the near unit, or else of all. */
  find(near: Unit | undefined, world: World, fits: (vtable: Vtable) => boolean): Vtable | undefined {
    const own = near && last(this.of(near, world).filter(fits));
    if (own !== undefined) return own;
    let found: Vtable | undefined;
    for (const unit of this.debug.units())
      found = last([...this.of(unit, world).filter(fits), ...(found ? [found] : [])]);
    return found;
  }

  private of(unit: Unit, world: World): readonly Vtable[] {
    let known = this.units.get(unit);
    if (known === undefined) this.units.set(unit, (known = vtablesOf(unit, world)));
    return known;
  }
}

/** Memos of what a program's debug information says, kept no longer than that. */
const indexes = new WeakMap<DebugInformation, VtableIndex>();

function indexOf({ frame: { debug } }: World): VtableIndex | undefined {
  if (debug === undefined) return undefined;
  let index = indexes.get(debug);
  if (index === undefined) indexes.set(debug, (index = new VtableIndex(debug)));
  return index;
}

/** The variable of the vtable that begins at an address. */
export function vtableAt(at: number, near: Unit | undefined, world: World): Entry | undefined {
  return indexOf(world)?.find(near, world, ({ start }) => start === at)?.variable;
}

/**
 * The variable of the vtable of a mangled name (`_ZTV3Dog`) that holds an address: the one that begins next in front
 * of it, since classes of namespaces without a name share theirs from unit to unit.
 */
export function vtableNamed(name: string, at: number, near: Unit, world: World): Entry | undefined {
  const fits = ({ variable, start }: Vtable): boolean =>
    start <= at && variable.string(DW_AT.linkage_name) === name;
  const isLocal = name.includes("_GLOBAL__N");
  return indexOf(world)?.find(isLocal ? undefined : near, world, fits)?.variable;
}
