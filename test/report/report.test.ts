/** A crash away from a debugger: as a page, as Markdown, and its memory as a picture. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { memoryMap } from "../../engine/postmortem/memory-map";
import type { Crash } from "../../engine/postmortem/model";
import { escapeHtml, html } from "../../engine/report/html";
import { markdownReport } from "../../engine/report/markdown";
import { reportBody, standaloneReport } from "../../engine/report/page";
import { memoryPicture, size } from "../../engine/report/picture";
import { reportOf } from "../../engine/report/report";
import { fixture, fixtures, loadDump, loadModule } from "../fixtures";

function crashOf(name: string): Crash {
  const found = fixture(name);
  const module = { path: found.module, source: new MemorySource(found.module, loadModule(found)) };
  return openCrash({ dump: new MemorySource(found.dump, loadDump(found)), main: { module } });
}

const EXCERPT = {
  path: "/home/me/main.rs",
  lines: [
    { number: 7, text: "fn calculate(value: usize) -> usize {", crash: false },
    { number: 8, text: "    value - 10 // ```", crash: true },
  ],
};

describe("the page of a crash", () => {
  it("says the reason, the crash line, the stack and the variables", () => {
    const page = standaloneReport(reportOf("app.coredump", crashOf("rust-classic"), EXCERPT));
    assert.match(page, /<h1>attempt to subtract with overflow<\/h1>/);
    assert.match(page, /class="line crash"><span class="gutter">8<\/span> {4}value - 10/);
    assert.match(
      page,
      /class="program crash"><td class="number">12<\/td><td class="function">app::calculate/,
    );
    assert.match(page, /<th scope="row">value<\/th><td class="type">usize<\/td><td class="value">3<\/td>/);
    assert.match(page, /674525e4117c5be1871d1015e3fe64ab/);
  });

  it("is whole for every real crash, and asks nothing of the network", () => {
    for (const { name } of fixtures) {
      const page = standaloneReport(reportOf(name, crashOf(name)));
      assert.doesNotMatch(page, /undefined|\[object|<script|src=|https?:/, name);
      for (const tag of ["main", "table", "svg", "section"]) {
        const opened = page.split(`<${tag}`).length;
        assert.equal(page.split(`</${tag}>`).length, opened, `${name}: ${tag}`);
      }
    }
  });

  it("escapes what a program can put into it", () => {
    assert.equal(html`<b title="${'"&'}">${"<i>"}</b>`.text, '<b title="&quot;&amp;">&lt;i&gt;</b>');
    assert.equal(escapeHtml("it's"), "it&#39;s");
    const crash = crashOf("cpp-shapes");
    const report = reportOf("<script>alert(1)</script>", crash);
    assert.doesNotMatch(reportBody(report).text, /<script/);
    assert.match(reportBody(report).text, /&lt;script&gt;/);
  });

  it("shows what the dump alone knows when its module is missing", () => {
    const { dump } = reportOf("x", crashOf("rust-classic"));
    const page = reportBody({ name: "x", dump, triage: undefined, memory: undefined, excerpt: undefined }, [
      { id: "open", label: "Open Build…", primary: true },
    ]).text;
    assert.match(page, /without its module/);
    assert.match(page, /data-action="open"/);
    assert.match(page, /674525e4117c5be1871d1015e3fe64ab/);
  });
});

describe("the Markdown of a crash", () => {
  it("can be pasted into an issue: fences hold, and nothing of the program is read as Markdown", () => {
    const text = markdownReport(reportOf("app", crashOf("rust-classic"), EXCERPT));
    assert.match(text, /^### attempt to subtract with overflow\n\n- panicked at src\/main\.rs:8:5\n/);
    assert.match(
      text,
      /\n````\n {2}7 \| fn calculate\(value: usize\) -> usize \{\n> 8 \| {5}value - 10 \/\/ ```\n````\n/,
    );
    assert.match(text, /→ #12 app::calculate\(value=3\) at \/build\/src\/main\.rs:8/);
    assert.match(text, /\*\*app::process\\_thing\*\*|\*\*app::calculate\*\*/);
  });
});

describe("the map of the memory", () => {
  it("places the program's statics in the data, and its locals in the used part of the stack", () => {
    for (const name of ["c-shapes-o0-dwarf5", "cpp-shapes", "rust-shapes"]) {
      const crash = crashOf(name);
      const map = memoryMap(crash)!;
      const stack = map.regions.find(({ kind }) => kind === "stack")!;
      const seen = { locals: 0, statics: 0 };
      for (const frame of crash.threads[0]!.frames()) {
        // A function that calls none may use the bytes below the stack pointer (LLVM's red zone).
        if (frame.origin !== "program" || frame.physical.index === 0) continue;
        for (const scope of frame.scopes()) {
          for (const { name: variable, value } of scope.variables()) {
            const { address } = value;
            if (address === undefined) continue;
            const onStack = address >= stack.start && address < stack.end;
            if (scope.kind === "statics") assert.ok(!onStack, `${name}: ${variable}`);
            if (scope.kind === "statics") seen.statics++;
            if (scope.kind !== "locals" || !onStack) continue;
            assert.ok(address >= stack.used!, `${name}: ${variable}`);
            seen.locals++;
          }
        }
      }
      assert.ok(seen.locals > 10 && seen.statics > 0, JSON.stringify({ name, ...seen }));
    }
  });

  it("is in order, without overlaps, within the memory", () => {
    for (const { name } of fixtures) {
      const map = memoryMap(crashOf(name))!;
      let last = 0;
      for (const { start, end } of map.regions) {
        assert.ok(start >= last && end > start, name);
        last = end;
      }
      assert.ok(last <= map.size, name);
    }
  });

  it("shows every region beside the one before it, however large another one is", () => {
    const small = memoryMap(crashOf("rust-classic"))!;
    const size = 2 ** 30;
    const heap = small.regions.at(-1)!;
    const map = { ...small, size, regions: [...small.regions.slice(0, -1), { ...heap, end: size }] };
    const picture = memoryPicture(map).text;
    const boxes = [...picture.matchAll(/<\/title><rect x="([\d.]+)" y="0" width="([\d.]+)"/g)].map(
      ([, x, width]) => ({ from: Number(x), to: Number(x) + Number(width) }),
    );
    assert.equal(boxes.length, map.regions.length);
    let end = 0;
    for (const { from, to } of boxes) {
      assert.ok(from >= end - 0.02, picture);
      assert.ok(to - from >= 5.99, picture);
      end = to;
    }
    assert.ok(end > 799 && end < 800.02, picture);
    const used = Number(/class="used" x="([\d.]+)"/.exec(picture)?.[1]);
    assert.ok(used < boxes[0]!.to && used >= boxes[0]!.from, picture);
  });

  it("writes sizes as people do", () => {
    assert.deepEqual([0, 1023, 1024, 1536, 65536, 5 << 20, 2 ** 30 - 9].map(size), [
      "0 B",
      "1023 B",
      "1 KiB",
      "1.5 KiB",
      "64 KiB",
      "5 MiB",
      "1 GiB",
    ]);
  });
});
