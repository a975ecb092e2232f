/** Objects of AssemblyScript's runtime behind the numbers of real crashes. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import type { Child, Value } from "../../engine/values/model";
import { fixture, loadDump, loadModule } from "../fixtures";

const of = fixture("as-collections");
const crash = openCrash({
  dump: new MemorySource("dump", loadDump(of)),
  main: { module: { path: of.module, source: new MemorySource(of.module, loadModule(of)) } },
});

/** What a local of `run` leads to. */
function object(name: string): Child {
  const frame = crash.threads[0]!.frames()[1]!;
  const variables = frame.scopes().flatMap((scope) => scope.variables());
  return only(variables.find((candidate) => candidate.name === name)!.value);
}

const only = (value: Value): Child => value.children!.named()[0]!;

const entries = (value: Value): string[] =>
  value.children!.indexed(0, 10).map((child) => `${child.name} ${child.value.text()}`);

describe("AssemblyScript's maps and sets", () => {
  it("are their entries in the order in which they were added, without those that were removed", () => {
    const { name, value } = object("ages");
    assert.equal(name, "[map]");
    assert.equal(value.text(), '{"two": 2, "three": 3}');
    assert.equal(value.typeName, "Map of objects to i32");
    assert.deepEqual(entries(value), ['["two"] 2', '["three"] 3']);
  });

  it("have keys and values of every width", () => {
    assert.equal(object("names").value.text(), '{-5: "five"}');
    assert.equal(object("halves").value.text(), "{5: 2.5, 7: 3.5}");
    assert.equal(object("words").value.text(), '{"y"}');
    assert.equal(object("large").value.text(), "{-7}");
  });

  it("may be empty", () => {
    const { value } = object("nobody");
    assert.equal(value.text(), "{}");
    assert.equal(value.children!.indexedCount, 0);
  });
});

describe("AssemblyScript's arrays of texts", () => {
  it("are shown by their texts", () => assert.equal(object("texts").value.text(), '["a", "bc"]'));
});

describe("an object of a class of the program", () => {
  it("is opened by the offsets of its fields, which nothing names, and leads on to others", () => {
    const { name, value } = object("person");
    assert.equal(name, "[object]");
    assert.match(value.text(), /^object of class \d+$/);
    const [friend, called, age] = value.children!.indexed(0, 10);
    assert.deepEqual([friend!.name, called!.name, age!.name], ["+0", "+4", "+8"]);
    assert.equal(age!.value.text(), "36");
    assert.equal(only(called!.value).value.text(), '"Ada"');
    const other = only(friend!.value).value.children!.indexed(0, 10);
    assert.equal(only(other[1]!.value).value.text(), '"Bob"');
    assert.equal(other[2]!.value.text(), "41");
  });
});
