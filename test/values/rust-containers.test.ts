/** Rust's library types as a Rust programmer thinks of them, read from a real crash, and from damaged memory. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type Address, address } from "../../engine/bytes/offsets";
import type { Machine } from "../../engine/dwarf/machine";
import type { Child, Value } from "../../engine/values/model";
import { type TypedValue, valueAt } from "../../engine/values/variables";
import { fixture } from "../fixtures/index";
import { open, soundBytes } from "./damage";

const frames = open(soundBytes(fixture("rust-containers")))
  .threads[0]!.frames()
  .filter(({ origin }) => origin === "program");

function variable(where: string, name: string): TypedValue {
  const frame = frames.find((candidate) => candidate.name.endsWith(`::${where}`))!;
  for (const scope of frame.scopes())
    for (const found of scope.variables()) if (found.name === name) return found.value as TypedValue;
  throw new Error(`no variable ${name} in ${where}`);
}

function child(value: Value, name: string): TypedValue {
  const found = value.children?.named().find((candidate) => candidate.name === name);
  assert.ok(found, `${value.text()} has a child ${name}`);
  return found.value as TypedValue;
}

/** The value as it would be with other bytes in memory; `onRead` is told how many bytes each read asks for. */
function damaged(
  value: TypedValue,
  patches: ReadonlyMap<number, number>,
  onRead: (length: number) => void = () => {},
): TypedValue {
  const { machine } = value.world.frame;
  const patched: Machine = {
    pc: machine.pc,
    addressSize: machine.addressSize,
    local: (index) => machine.local(index),
    operand: (index) => machine.operand(index),
    global: (index) => machine.global(index),
    caller: () => machine.caller(),
    memory(at: Address, length: number) {
      onRead(length);
      const bytes = machine.memory(at, length);
      if (!(bytes instanceof Uint8Array)) return bytes;
      return bytes.map((byte, i) => patches.get(at + i) ?? byte);
    },
  };
  return valueAt(value.type, value.address!, { ...value.world.frame, machine: patched });
}

/** Bytes of a word at an address. */
function word(at: number, value: number): Map<number, number> {
  return new Map([0, 8, 16, 24].map((shift, i) => [at + i, (value >>> shift) & 0xff]));
}

function readWord(value: TypedValue, at: number): number {
  const bytes = value.world.frame.machine.memory(address(at), 4) as Uint8Array;
  return new DataView(bytes.slice().buffer).getUint32(0, true);
}

/** A member of the bare structure, by a path of names. */
function raw(value: TypedValue, ...names: readonly string[]): TypedValue {
  let inner = value;
  for (const name of names) {
    const bare = inner.children?.named().find((candidate) => candidate.name === "[raw]");
    inner = child((bare?.value as TypedValue | undefined) ?? inner, name);
  }
  return inner;
}

const names = (children: readonly Child[]): string[] => children.map(({ name }) => name);

const SUMMARIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  maps: {
    ages: '{"k1": 1}',
    holes: "{0: 'a', 13: 'n'}",
    no_ages: "{}",
    cleared: "{}",
    primes: "{7}",
    nested: '{9: ["nine", "neuf"]}',
    units: "{3: ()}",
    small: "{1: 'a', 2: 'b', 3: 'c'}",
    pruned: "{0: 0, 50: -50, 100: -100}",
    no_tree: "{}",
    drained: "{}",
    words: '{"apple", "fig", "pear"}',
    no_words: "{}",
    forest: '{"oak": {1: true}}',
  },
  sequences: { nothings: "[(), (), ()]", grid: "[[1, 2], []]", shared_slice: "[4, 5, 6]" },
  pointers: {
    observer: "Weak(5)",
    unbound: "(Weak, of nothing)",
    expired: "(Weak, dropped)",
    across_weak: 'Weak("across")',
    free: "RefCell {value: 5}",
    read: "RefCell {value: 6, borrowed 2 times}",
    written: "RefCell {value: 7, borrowed mutably}",
    tree: "RefCell {value: [1, 2]}",
    boxed: "Dog {age: 3}",
    dog: "Dog {age: 4}",
    whale: "Whale {weight: 90}",
    pack: "[Dog {age: 1}, Whale {weight: 2}]",
    rc_whale: "Whale {weight: 70}",
    arc_dog: "Dog {age: 6}",
  },
  cells: {
    open: "Mutex {data: 11}",
    locked: 'Mutex {data: "held", locked}',
    shared: "Mutex {data: [1]}",
    lock: "RwLock {data: 21}",
    lock_read: "RwLock {data: 22, read}",
    once: "OnceCell(<uninit>)",
    once_set: "OnceCell(8)",
    global: "OnceLock(<uninit>)",
    global_set: "OnceLock(9)",
    initialised: "MaybeUninit(44)",
    pinned_ref: "&mut 31",
    tagged: "Tagged {id: 1}",
  },
  texts: {
    borrowed: 'Borrowed("borrowed")',
    whole: "3s",
    part: "1.5s",
    tiny: "2.5µs",
    none: "0ns",
    range: "1..5",
    closed: "1..=5",
    from: "2..",
    until: "..7",
    until_closed: "..=8",
    full: "..",
    closure: '{closure_env#0} {add: 5, name: "name"}',
  },
  functions: {
    plain: "0x00000004 <app::half>",
    maybe: "None",
    by_reference: '{closure_env#0} {label: &"label"}',
    by_mutable: "{closure_env#1} {total: &mut 42}",
    boxed: '{closure_env#2} {by_reference: {closure_env#0} {label: &"label"}}',
    nothing: "{closure_env#3}",
    generic: 'Holder {inner: [Some("a"), None]}',
    deep: "Holder {inner: Ok({})}",
    never: "None",
    mutable: "&mut [1, 2]",
  },
  tasks: {
    fresh: 'Unresumed {key: 1, name: "fresh"}',
    waiting: 'Suspend0 at main.rs:107 {name: "task", doubled: 6, __awaitee: Pause {asked: true}, key: 3}',
    later:
      'Suspend1 at main.rs:109 {name: "later", doubled: 8, length: 14, __awaitee: Pause {asked: true}, key: 4}',
    done: "Returned",
    result: "Ready(23)",
    block: "Suspend0 at main.rs:326 {__awaitee: Pause {asked: true}, captured: 8}",
  },
  lazies: {
    unasked: "LazyCell(<uninit>)",
    asked: "LazyCell(7)",
    local: "LazyLock([1, 2])",
    text_lock: 'OnceLock("set")',
    moment: "Instant(1.5s)",
    billion: "2001-09-09T01:46:40.25Z",
    before: "1970-01-01T00:00:00Z",
    links: "[5, 6, 7]",
    no_links: "[]",
    reversed: "Reverse(4)",
    invalid: '"a\\xff\\"\\n"',
    nul_text: '"a\\0b"',
    rest: '["two", "three"]',
    wide: "[340282366920938463463374607431768211455, 1]",
    pointer: "[1, 2, 3]",
    unit_vector: "[(), (), (), (), ()]",
    keyed: "{(1, 'x'): \"one\", (2, 'y'): \"two\"}",
    lettered: "{'a': 1, 'b': 2}",
    truths: "{false: 0, true: 1}",
    ordered: "{-1, 3}",
  },
};

/** Types as Rust programmers write them: without paths, `dyn Fn` as a function, closures by their function. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  functions: {
    by_reference: "functions::{closure_env#0}",
    boxed: "Box<dyn Fn(i32) -> i32>",
    generic: "Holder<Vec<Option<Box<str>>>>",
    deep: "Holder<Result<HashMap<u8, Rc<[Dog]>, RandomState>, FromUtf8Error>>",
  },
  tasks: { waiting: "Pin<Box<fetch::{async_fn_env#0}>>", nested: "Pin<Box<dyn Future<Output=usize>>>" },
};

describe("Rust's library types", () => {
  for (const [where, summaries] of Object.entries(SUMMARIES))
    for (const [name, text] of Object.entries(summaries))
      it(`${name} reads ${text}`, () => assert.equal(variable(where, name).text(), text));

  it("have types as programmers write them", () => {
    for (const [where, types] of Object.entries(TYPES))
      for (const [name, type] of Object.entries(types)) assert.equal(variable(where, name).typeName, type);
  });

  it("read a static that was filled when it was first asked", () => {
    assert.equal(variable("lazies", "CONFIGURED").text(), 'LazyLock("configured")');
  });

  it("keep nothing of what a finished task captured, and follow a task into the one it waits for", () => {
    const done = variable("tasks", "done");
    assert.deepEqual(names(done.children!.named()), ["[raw]"]);
    const inner = child(child(variable("tasks", "nested"), "value"), "__awaitee");
    assert.equal(child(inner, "doubled").text(), "60");
    assert.equal(child(inner, "name").text(), '"inner"');
  });

  it("do not read around the end of memory what Weak::new never pointed at", () => {
    const unbound = child(child(variable("pointers", "unbound"), "[raw]"), "ptr");
    assert.equal(child(unbound, "strong").missing?.reason, "out-of-bounds");
  });

  it("give a hash map's every entry by page, though its table has holes", () => {
    const { children } = variable("maps", "squares");
    assert.equal(children!.indexedCount, 200);
    const found = [...children!.indexed(150, 100), ...children!.indexed(0, 150)];
    const texts = new Map(found.map(({ name, value }) => [name, value.text()]));
    assert.equal(texts.size, 200);
    for (let key = 0; key < 200; key++) assert.equal(texts.get(`[${key}]`), String(key * key));
  });

  it("give a tree's entries in order, across its nodes", () => {
    const { children } = variable("maps", "large");
    const found = children!.indexed(0, 1000);
    assert.deepEqual(
      found.map(({ name, value }) => `${name} ${value.text()}`),
      Array.from({ length: 300 }, (_, key) => `[${key}] ${key * 10}`),
    );
    assert.deepEqual(names(children!.indexed(298, 9)), ["[298]", "[299]"]);
  });

  it("count what holds and what watches a shared value, and name a trait object's own type", () => {
    const count = variable("pointers", "count");
    assert.deepEqual(names(count.children!.named()), ["value", "strong", "weak", "[raw]"]);
    assert.equal(child(count, "strong").text(), "2");
    assert.equal(child(count, "weak").text(), "1");
    assert.equal(child(variable("pointers", "expired"), "strong").text(), "0");
    assert.equal(child(variable("pointers", "rc_whale"), "value").typeName, "Whale");
    assert.equal(child(variable("pointers", "dog"), "value").typeName, "Dog");
  });

  it("end a circle of shared values in an ellipsis", () => {
    assert.match(variable("pointers", "ring").text(), /^Ring \{name: "ring", .*…/);
  });

  it("open a million elements by reading a few", () => {
    let read = 0;
    const million = damaged(variable("sequences", "million"), new Map(), (length) => {
      read += length;
    });
    assert.match(million.text(), /^\[0, 0, .*…\]$/);
    assert.equal(million.children!.indexedCount, 1_000_000);
    const last = million.children!.indexed(999_999, 100);
    assert.deepEqual(names(last), ["[999999]"]);
    assert.equal(last[0]!.value.text(), "0");
    assert.ok(read > 0 && read < 1000, `${read} bytes are read`);
  });
});

describe("damaged Rust library types", () => {
  const reason = (value: Value): string => {
    assert.ok(value.missing, `${value.text()} is known to be missing`);
    return value.missing.text;
  };

  it("say that a hash table is no table", () => {
    const map = variable("maps", "squares");
    const table = raw(map, "base", "table", "table");
    const mask = child(table, "bucket_mask").address!;
    assert.match(reason(damaged(map, word(mask, 6))), /a table of 7 buckets with 200 entries/);
    assert.ok(damaged(map, word(mask, 0xffffffff)).missing);
  });

  it("end a hash map where its control bytes end", () => {
    const map = variable("maps", "holes");
    const items = child(raw(map, "base", "table", "table"), "items").address!;
    const found = damaged(map, word(items, 5)).children!.indexed(0, 5);
    assert.equal(found.length, 3);
    assert.match(reason(found[2]!.value), /it counts 5 entries, and has 2/);
  });

  it("end a tree at a node that is none, and at one that is reached twice", () => {
    const tree = variable("maps", "large");
    const root = readWord(tree, tree.address!);
    assert.match(reason(damaged(tree, word(tree.address!, 0x7ffffff0))), /linear memory/);
    const edges = [...Array(400).keys()]
      .map((i) => root + 4 * i)
      .filter((at) => readWord(tree, at) > 0x110000 && readWord(tree, at) < 0x120000);
    const looped = damaged(tree, new Map(edges.slice(0, 12).flatMap((at) => [...word(at, root)])));
    const found = looped.missing === undefined ? looped.children!.indexed(0, 1000) : [];
    assert.match(reason(found.at(-1)?.value ?? looped), /one node twice|a node of/);
  });

  it("do not read a ring past its buffer", () => {
    const ring = variable("sequences", "wrapped");
    const bare = child(ring, "[raw]");
    assert.match(
      reason(damaged(ring, word(child(bare, "len").address!, 5))),
      /5 elements from 2 on in room for 4/,
    );
    assert.match(reason(damaged(ring, word(child(bare, "head").address!, 4))), /from 4 on/);
  });

  it("do not read more elements than a Vec has room for: optimised code may never have set its length", () => {
    const rows = variable("sequences", "grid");
    const length = child(child(rows, "[raw]"), "len").address!;
    assert.match(reason(damaged(rows, word(length, 9))), /contradict.*9 elements in room for 2/);
  });

  it("do not show what nobody owns any more", () => {
    const count = variable("pointers", "count");
    const freed = damaged(count, word(child(count, "strong").address!, 0));
    assert.match(reason(freed), /strong count is 0/);
  });

  it("show a trait object by its members when its vtable is none that is known", () => {
    const dog = variable("pointers", "dog");
    const vtable = child(child(dog, "[raw]"), "vtable").address!;
    const stray = damaged(dog, word(vtable, 0x10000));
    assert.deepEqual(names(stray.children!.named()), ["pointer", "vtable"]);
  });
});
