/**
 * The capture library in every host: each trap of the specification, and each way in which a program ends, gives a dump
 * that opens at the instruction where it ended.
 */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { before, describe, it } from "mocha";
import { address } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreDump } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { fixture, loadDump, loadModule } from "../fixtures/index";
import { trapCalls } from "../fixtures/trap-calls";
import { isValid, sampleBuildId } from "../wasm/support/module-builder";
import { hosts } from "./hosts/hosts";
import type { Taken } from "./hosts/program";
import { endless, rareTraps, thrownException } from "./hosts/rare-traps";
import { sampleProgram } from "./library/sample";

const files = {
  "c-traps": new Uint8Array(loadModule(fixture("c-traps/abort"))),
  sample: new Uint8Array(sampleProgram()),
  inner: new Uint8Array(sampleProgram("inner")),
  endless,
  exception: thrownException.module,
};

function open(dump: Uint8Array, module: Uint8Array): Crash {
  const main = { module: { path: "app.wasm", source: new MemorySource("app.wasm", module) } };
  return openCrash({ dump: new MemorySource("dump", dump), main });
}

/** Where frames stand, by our reader, given the module. */
function placesIn(dump: Uint8Array, module: Uint8Array): number[][] {
  const crash = open(dump, module);
  return crash.dump.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]);
}

for (const host of hosts)
  describe(`the capture library in ${host.name}`, function () {
    this.timeout(60_000);
    let taken: Taken;
    before(async () => {
      const rare = Object.entries(rareTraps).filter(([, { module }]) => host.hasObjects || isValid(module));
      taken = await host.run({
        ...files,
        ...Object.fromEntries(rare.map(([name, { module }]) => [name, module])),
      });
      assert.ok(rare.length >= 5);
    });
    /** Places of a dump's frames are as given, where the host tells them. */
    const stands = (name: string, module: Uint8Array, places: number[][]) =>
      assert.deepEqual(placesIn(bytesOf(name), module), host.hasFrames ? places : [], name);
    const bytesOf = (name: string) => {
      assert.ok(name in taken.dumps, `no dump of ${name}`);
      return Buffer.from(taken.dumps[name]!, "base64");
    };
    const read = (name: string): CoreDump => readCoreDump(new MemorySource("dump", bytesOf(name)));

    it("stands at the instruction for every trap of C, and for the same reason", () => {
      for (const trap of Object.keys(trapCalls)) {
        const of = fixture(`c-traps/${trap}`);
        stands(of.name, files["c-traps"], placesIn(loadDump(of), files["c-traps"]));
        assert.match(read(of.name).notes.error!, /^RuntimeError: ./);
        if (!host.hasFrames) continue;
        // Newer engines word some errors differently; what they mean is the same.
        const reasonOf = (dump: Uint8Array) => open(dump, files["c-traps"]).reason.kind;
        assert.equal(reasonOf(bytesOf(of.name)), reasonOf(loadDump(of)), trap);
      }
    });

    it("stands at the instruction for the traps of tables, segments, atomics and objects", () => {
      let count = 0;
      for (const [name, { module, offset }] of Object.entries(rareTraps)) {
        if (!host.hasObjects && !isValid(module)) continue;
        stands(name, module, [[0, offset]]);
        count++;
      }
      assert.equal(count, host.hasObjects ? 9 : 5);
    });

    it("takes a stack overflow", () => {
      assert.equal(taken.facts["overflow"], true, "is a RangeError");
      const places = placesIn(bytesOf("overflow"), files.sample);
      assert.ok(places.length >= 1000 || !host.hasFrames);
      assert.ok(places.every(([index]) => index === 2));
    });

    it("takes the exception of a host function and the end of a hang where the program stood", () => {
      stands("host exception", files.sample, [[1, 1]]);
      assert.equal(read("host exception").notes.error, "TypeError: the host's own");
      stands("hang", endless, [[1, 3]]);
    });

    it("takes the memory of an exception that WebAssembly threw, which has no stack", () => {
      stands("exception", thrownException.module, []);
    });

    it("tells modules apart, with the memory of each", function () {
      if (!host.hasFrames) this.skip();
      const dump = read("two modules");
      assert.deepEqual(
        dump.threads[0]!.frames.map(({ instance }) => {
          const { module, memories } = dump.instances[instance]!;
          return [dump.modules[module]!.name, dump.memories[memories[0]!]!.read(address(0), 1)[0]];
        }),
        [
          ["inner", 1],
          ["sample", 2],
        ],
      );
    });

    it("records globals, the build, and no more memory than it may, in small chunks, packed when asked", () => {
      const dump = read("limited");
      assert.equal(dump.notes.buildId, sampleBuildId);
      assert.deepEqual(dump.globals[0], { type: "i32", value: 112 });
      assert.deepEqual(
        [dump, read("ranges")].map(({ memories }) => memories[0]!.ranges.map((range) => ({ ...range }))),
        [[{ start: 0, length: 100 }], [{ start: 50, length: 10 }]],
      );
      assert.equal(taken.facts["chunks"], 65_536);
      const packed = readCoreDump(new MemorySource("dump", gunzipSync(bytesOf("packed"))));
      assert.deepEqual(
        packed.memories[0]!.ranges.map(({ length }) => length),
        [131_072],
      );
    });

    it("sees an error that asynchronous code swallows", () => {
      assert.equal(taken.facts["swallowed"], host.hasFrames ? 1 : 0);
    });

    it("streams a dump to a service", () => {
      assert.equal(taken.facts["recorded"], "stored");
      const headers = taken.facts["headers"] as Record<string, string>;
      assert.equal(headers["x-wasm-build-id"], sampleBuildId);
      assert.equal(JSON.parse(decodeURIComponent(headers["x-wasm-request"]!)).url, "https://example.com/");
      stands("recorded", files.sample, [[3, 2]]);
    });
  });
