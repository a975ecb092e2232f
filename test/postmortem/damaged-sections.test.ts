/** Modules whose debug sections are cut short or gone: what is sound is used, what is lost is named. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { type Fixture, fixture, loadDump, loadModule } from "../fixtures";

/** The module with a custom section cut to so much of it; 0 leaves it out. */
function withSection(bytes: Uint8Array, name: string, share: number): Uint8Array {
  const out = new ByteWriter().bytes(bytes.subarray(0, 8));
  for (const section of WasmModule.open(new MemorySource("module", bytes)).sections) {
    const contents = bytes.subarray(section.start, section.start + section.size);
    if (section.id !== 0) out.u8(section.id).uleb(contents.length).bytes(contents);
    else if (section.name !== name || share > 0) {
      const kept =
        section.name === name ? contents.subarray(0, Math.floor(contents.length * share)) : contents;
      const body = new ByteWriter().name(section.name).bytes(kept).finish();
      out.u8(0).uleb(body.length).bytes(body);
    }
  }
  return out.finish();
}

function open({ dump, module, ...rest }: Fixture, bytes: Uint8Array): Crash {
  return openCrash({
    dump: new MemorySource(dump, loadDump({ dump, module, ...rest })),
    main: { module: { path: module, source: new MemorySource(module, bytes) } },
  });
}

/** Of each frame the line and, by its type and name, every value that has no parts; and why others are not read. */
function seenIn(crash: Crash): { lines: number[]; values: Map<string, string>; unread: string[] } {
  const values = new Map<string, string>();
  const unread: string[] = [];
  const lines: number[] = [];
  for (const frame of crash.threads[0]!.frames()) {
    lines.push(frame.location?.line ?? 0);
    for (const scope of frame.scopes()) {
      if (scope.kind !== "arguments" && scope.kind !== "locals" && scope.kind !== "statics") continue;
      for (const { name, value } of scope.variables()) {
        const text = value.text();
        if (value.missing?.reason === "malformed") unread.push(value.missing.text);
        if (value.missing === undefined && value.children === undefined)
          values.set(`${frame.physical.index} ${scope.kind} ${value.typeName} ${name}`, text);
      }
    }
  }
  return { lines, values, unread };
}

for (const name of ["c-shapes-o0-dwarf5", "c-shapes-o2-dwarf4"]) {
  const program = fixture(name);
  const bytes = loadModule(program);
  const whole = seenIn(open(program, bytes));
  const sections = WasmModule.open(new MemorySource("module", bytes))
    .sections.filter((section) => section.id === 0 && section.name.startsWith(".debug_"))
    .map((section) => section.name);

  describe(`the crash of ${name} with damaged debug information`, () => {
    for (const section of sections) {
      it(`shows nothing wrong, and names what it lacks: ${section}`, () => {
        for (const share of [0, 0.02, 0.25, 0.5, 0.75, 0.98]) {
          const crash = open(program, withSection(bytes, section, share));
          const { lines, values, unread } = seenIn(crash);
          for (const why of unread) assert.ok(why.includes(section), why);
          for (const [variable, text] of values) {
            const right = whole.values.get(variable);
            // Enumerators that have lost their names are numbers.
            const unnamed = right !== undefined && /^[A-Z]/.test(right) && /^\d+$/.test(text);
            if (right !== undefined && !unnamed) assert.equal(text, right, variable);
          }
          const lost = lines.length < whole.lines.length || lines.includes(0) > whole.lines.includes(0);
          if (lost) assert.notDeepEqual(crash.warnings, [], `${section} cut to ${share}`);
          assert.ok(crash.warnings.length < 12, crash.warnings.join("\n"));
          assert.equal(crash.reason.kind, "memory-out-of-bounds");
        }
      });
    }
  });
}
