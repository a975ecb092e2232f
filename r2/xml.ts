/**
 * XML as object stores answer in it: elements and text. Strict, and no more of XML than that: a document type, which
 * could define entities that grow without end, or anything else that an answer does not have makes it malformed.
 */

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text right inside, between the children too; references are replaced. */
  readonly text: string;
}

/** What is no well-formed answer; `at` counts characters from its beginning. */
export class XmlError extends Error {
  override readonly name = "XmlError";
  constructor(
    problem: string,
    readonly at: number,
  ) {
    super(`${problem} at character ${at}`);
  }
}

/** Elements inside elements that are read. */
const DEEPEST = 16;

/** The declaration, a tag, or the end of the text that is no tag. */
const MARKUP =
  /<(?:(\?xml\b[^<>]*\?)|(\/)?([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/)?)>/y;

interface OpenElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** The document's element. @throws XmlError */
export function parseXml(document: string): XmlElement {
  const top: OpenElement = { name: "", children: [], text: "" };
  const open = [top];
  let at = document.startsWith("\uFEFF") ? 1 : 0;
  const start = at;
  while (at < document.length) {
    const element = open.at(-1)!;
    if (document[at] !== "<") {
      const next = document.indexOf("<", at);
      const end = next < 0 ? document.length : next;
      element.text += unescaped(document.slice(at, end), at);
      at = end;
      continue;
    }
    MARKUP.lastIndex = at;
    const tag = MARKUP.exec(document);
    if (tag === null) throw new XmlError("Markup that is no tag", at);
    const [, declaration, closing, name, attributes, empty] = tag;
    if (declaration !== undefined) {
      if (at !== start) throw new XmlError("A declaration that is not at the beginning", at);
    } else if (closing !== undefined) {
      if (element === top || element.name !== name || attributes !== "" || empty !== undefined)
        throw new XmlError(`</${name}> where </${element.name}> must be`, at);
      open.pop();
    } else {
      if (element === top && top.children.length > 0) throw new XmlError("A second document", at);
      if (open.length > DEEPEST) throw new XmlError("Elements nested too deeply", at);
      const child: OpenElement = { name: name!, children: [], text: "" };
      element.children.push(child);
      if (empty === undefined) open.push(child);
    }
    at = MARKUP.lastIndex;
  }
  if (open.length > 1) throw new XmlError(`The end, before </${open.at(-1)!.name}>`, at);
  const [root] = top.children;
  if (root === undefined || top.text.trim() !== "") throw new XmlError("No element alone", at);
  return root;
}

/** The text of the first child of that name; undefined when there is none. */
export const childText = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string, at: number): string {
  return text.replace(/&([^;&]{0,8};)?/g, (_, reference: string | undefined, index: number) => {
    const name = reference?.slice(0, -1) ?? "";
    const digits = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name);
    if (digits !== null) {
      const point = Number.parseInt(digits[1] ?? digits[2]!, digits[1] === undefined ? 10 : 16);
      if (point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000))
        return String.fromCodePoint(point);
    }
    const character = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    if (character === undefined)
      throw new XmlError(`The reference &${name}; that is none of XML's own`, at + index);
    return character;
  });
}
