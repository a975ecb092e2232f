/** The XML of answers: what is well-formed is read as it is, everything else is refused. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { childText, parseXml, type XmlElement, XmlError } from "../../r2/xml";

const escaped = (text: string): string =>
  Array.from(text, (character) =>
    /[\w ]/.test(character) ? character : `&#${character.codePointAt(0)};`,
  ).join("");

const written = ({ name, children, text }: XmlElement): string =>
  `<${name}>${escaped(text)}${children.map(written).join("\n")}</${name}>`;

describe("the XML of a store's answers", () => {
  it("is read as it was written, whatever the texts are", () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
    const text = fc.string({ unit: fc.constantFrom("a", "<", ">", "&", "'", '"', "é", "😀", "]]>", " ") });
    const leaf = fc.record({ name, text, children: fc.constant([]) }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.record({ name, children: fc.array(leaf) }), ({ name, children }) => {
        const root = parseXml(`<?xml version="1.0"?>\n${written({ name, children, text: "" })}\n`);
        assert.equal(root.name, name);
        assert.deepEqual(root.children, children);
      }),
    );
  });

  it("has references, attributes and empty elements", () => {
    const root = parseXml(
      `\uFEFF<?xml version='1.0' encoding="UTF-8"?><A xmlns="urn:x" b = 'c"d'><B/><C >&lt;&#65;&#x1F600;&amp;amp;</C></A>`,
    );
    assert.equal(childText(root, "B"), "");
    assert.equal(childText(root, "C"), "<A😀&amp;");
    assert.equal(childText(root, "D"), undefined);
  });

  for (const document of [
    "",
    "text",
    "<A>",
    "<A></B>",
    "<A></A><B></B>",
    "<A></A>text",
    "<A",
    "<A b=c></A>",
    "<A><!-- comment --></A>",
    "<A><![CDATA[x]]></A>",
    '<!DOCTYPE A [<!ENTITY a "b">]><A>&a;</A>',
    "<A>&a;</A>",
    "<A>&</A>",
    "<A>&#0;</A>",
    "<A>&#xD800;</A>",
    "<A>&toString;</A>",
    "<A></A><?xml version='1.0'?>",
    "<A></A b='c'>",
    "<a".repeat(100_000),
    "<a>".repeat(100_000),
  ])
    it(`refuses ${document.length > 50 ? `${document.slice(0, 10)}… without end` : document || "nothing"}`, () => {
      assert.throws(() => parseXml(document), XmlError);
    });

  it("is refused, never worse, when it is cut or damaged anywhere", () => {
    const whole = "<?xml version=\"1.0\"?><List a='b'><Item><Key>a&amp;b</Key></Item><Empty/></List>";
    for (let end = 0; end < whole.length; end++)
      assert.throws(() => parseXml(whole.slice(0, end)), XmlError, whole.slice(0, end));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, put) => {
        try {
          parseXml(whole.slice(0, at) + put + whole.slice(at + 1));
        } catch (error) {
          assert.ok(error instanceof XmlError, String(error));
        }
      }),
    );
  });
});
