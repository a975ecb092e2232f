/**
 * Where vtables lie, and whose they are: compilers describe each as a static variable, clang as `_vtable$` of its
 * class, rustc as `<T as Trait>::{vtable}`. The unit that describes one is nearly always the one that needs it, or one
 * that has a function in it; all units are looked through only when it is none of these.
 */
import { address } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import type { DebugInformation, Entry, Unit } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";
import type { World } from "./presentation";
import { isVtableName, symbolsOf } from "./symbol-index";

/** A vtable's variable, and where it begins. */
interface Vtable {
  readonly variable: Entry;
  readonly start: number;
}

/** Words of a vtable whose functions are asked for their units. */
const WORDS = 12;

function last(vtables: Iterable<Vtable>, fits: (vtable: Vtable) => boolean): Vtable | undefined {
  let found: Vtable | undefined;
  for (const next of vtables)
    if (fits(next) && (found === undefined || next.start > found.start)) found = next;
  return found;
}

/** The vtables among some variables. */
function vtablesAmong(variables: Iterable<Entry>, world: World): readonly Vtable[] {
  const found: Vtable[] = [];
  for (const variable of variables) {
    const { name, unit } = variable;
    if (name === undefined || !isVtableName(name)) continue;
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
  private all: readonly Vtable[] | undefined;

  constructor(private readonly debug: DebugInformation) {}

  /**
   * Of those that fit the one that begins last: of the near units, or else of all.
   * @param name its linkage name, where that is known
   */
  find(
    near: Iterable<Unit>,
    world: World,
    fits: (vtable: Vtable) => boolean,
    name?: string,
  ): Vtable | undefined {
    for (const unit of near) {
      const found = last(this.of(unit, world), fits);
      if (found !== undefined) return found;
    }
    const listed = name === undefined ? undefined : this.debug.indexed(name);
    if (listed !== undefined) return last(vtablesAmong(listed, world), fits);
    this.all ??= vtablesAmong(symbolsOf(this.debug).vtables(), world);
    return last(this.all, fits);
  }

  private of(unit: Unit, world: World): readonly Vtable[] {
    let known = this.units.get(unit);
    if (known === undefined) this.units.set(unit, (known = vtablesAmong(unit.globalVariables(), world)));
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

/** The unit that asks, and those of the functions in the vtable: where its class's functions are, it is described. */
function* unitsNear(at: number, near: Unit | undefined, { frame }: World): Iterable<Unit> {
  const seen = new Set<Unit>();
  if (near !== undefined) {
    seen.add(near);
    yield near;
  }
  const { machine } = frame;
  for (let word = 0; word < WORDS; word++) {
    const bytes = machine.memory(address(at + word * machine.addressSize), machine.addressSize);
    if (bytes instanceof Missing) return;
    const slot = fromBytes(bytes);
    const unit = slot > 0n && slot < 2n ** 32n ? frame.unitOfSlot?.(Number(slot)) : undefined;
    if (unit === undefined || seen.has(unit)) continue;
    seen.add(unit);
    yield unit;
  }
}

/** The variable of the vtable that begins at an address. @throws WorkPending as `symbolsOf(…).vtables` does */
export function vtableAt(at: number, near: Unit | undefined, world: World): Entry | undefined {
  return indexOf(world)?.find(unitsNear(at, near, world), world, ({ start }) => start === at)?.variable;
}

/**
 * The variable of the vtable of a mangled name (`_ZTV3Dog`) that holds an address: the one that begins next in front
 * of it, since classes of namespaces without a name share theirs from unit to unit.
 * @throws WorkPending as `symbolsOf(…).vtables` does
 */
export function vtableNamed(name: string, at: number, near: Unit, world: World): Entry | undefined {
  const fits = ({ variable, start }: Vtable): boolean =>
    start <= at && variable.string(DW_AT.linkage_name) === name;
  const isLocal = name.includes("_GLOBAL__N");
  return indexOf(world)?.find(isLocal ? [] : unitsNear(at, near, world), world, fits, name)?.variable;
}
