/**
 * Macros of C and C++ taken for what they stand for, as the preprocessor does it (C23 §6.10.5): arguments are expanded
 * first, what comes out is looked through again together with what follows, and a name does not stand for anything
 * within its own expansion (Prosser's algorithm: each token knows the names that it is hidden from).
 *
 * What is typed keeps its position; what a macro brings has the position of the macro's name, which is what was typed.
 */
import { ExpressionError } from "./errors";
import { LONGEST, MOST_TOKENS, type Token, tokenize } from "./lexer";
import type { Macro, Macros } from "./macro-scope";

/** Tokens that are looked at in all, and macros within arguments of macros. */
const MOST_STEPS = 20 * MOST_TOKENS;
const DEPTH_LIMIT = 64;
/** Macros that stand for macros that stand for macros. */
const LONGEST_CHAIN = 256;

/** A token on its way through. */
interface Moving extends Token {
  /** Whether white space stands in front of it. */
  readonly spaced: boolean;
  /** Macros in whose expansion it came to be. */
  readonly hidden: ReadonlySet<string>;
}

export interface Expansion {
  readonly tokens: readonly Token[];
  /** The macro that stands at a position of the text. */
  readonly macros: ReadonlyMap<number, string>;
}

const NONE: ReadonlySet<string> = new Set();

/** @throws ExpressionError at the name of a macro whose arguments do not fit, or that brings what is no token */
export function expandMacros(tokens: readonly Token[], macros: Macros): Expansion {
  const expander = new Expander(macros);
  const end = tokens.at(-1)!;
  const expanded = expander.expand(moving(tokens.slice(0, -1)), 0);
  if (expanded.length > MOST_TOKENS)
    throw new ExpressionError("the expression is too long", expanded[0]!.position);
  return { tokens: [...expanded, end], macros: expander.met };
}

function moving(tokens: readonly Token[]): Moving[] {
  return tokens.map((token, i) => {
    const before = tokens[i - 1];
    const spaced = before !== undefined && before.position + before.text.length < token.position;
    return { ...token, spaced, hidden: NONE };
  });
}

class Expander {
  readonly met = new Map<number, string>();
  private steps = 0;

  constructor(private readonly macros: Macros) {}

  expand(input: readonly Moving[], depth: number): Moving[] {
    const rest = [...input].reverse();
    const done: Moving[] = [];
    for (let token = rest.pop(); token !== undefined; token = rest.pop()) {
      const { position } = token;
      if (++this.steps > MOST_STEPS || depth > DEPTH_LIMIT || token.hidden.size > LONGEST_CHAIN)
        throw new ExpressionError("its macros stand for too much", position);
      const isName = token.kind === "name" && !token.hidden.has(token.text);
      const macro = isName ? this.macros.find(token.text) : undefined;
      const isCall = macro?.parameters !== undefined;
      if (macro === undefined || (isCall && rest.at(-1)?.text !== "(")) {
        done.push(token);
        continue;
      }
      if (!this.met.has(position)) this.met.set(position, macro.name);
      const call = isCall ? takeArguments(macro, token, rest) : undefined;
      const outer = call === undefined ? token.hidden : shared(token.hidden, call.hidden);
      const hidden = new Set(outer).add(macro.name);
      const body = this.substitute(macro, call?.values ?? [], token, depth);
      this.steps += body.length;
      for (const one of body.reverse())
        rest.push({ ...one, hidden: one.hidden.size === 0 ? hidden : new Set([...one.hidden, ...hidden]) });
    }
    return done;
  }

  /** A macro's body with its arguments in the parameters' place. */
  private substitute(
    macro: Macro,
    values: readonly (readonly Moving[])[],
    name: Moving,
    depth: number,
  ): Moving[] {
    const body = bodyOf(macro, name);
    const expanded = values.map((): readonly Moving[] | undefined => undefined);
    const parameter = (token: Moving | undefined): number =>
      token?.kind === "name" ? (macro.parameters?.indexOf(token.text) ?? -1) : -1;
    const made: Moving[] = [];
    /** Whether `##` stands in front, and whether what stands in front of that was empty. */
    let pastes = false;
    let empty = true;
    for (let i = 0; i < body.length; i++) {
      const token = body[i]!;
      if (isPaste(token)) {
        pastes = i > 0;
        continue;
      }
      const which = parameter(token);
      let brought: readonly Moving[];
      if (token.text === "#" && macro.parameters !== undefined && parameter(body[i + 1]) >= 0)
        brought = [stringOf(values[parameter(body[++i])]!, token)];
      else if (which < 0) brought = [token];
      else if (pastes || (body[i + 1] !== undefined && isPaste(body[i + 1]!))) brought = values[which]!;
      else brought = expanded[which] ??= this.expand(values[which]!, depth + 1);
      if (which >= 0) brought = brought.map((one, at) => (at > 0 ? one : { ...one, spaced: token.spaced }));
      const [first, ...more] = brought;
      const isRest = macro.variadic && which === macro.parameters!.length - 1;
      if (pastes && isRest && made.at(-1)?.text === ",") {
        // GNU's `, ## rest`: without a rest there is no comma either.
        if (first === undefined) made.pop();
        else made.push(...brought);
      } else if (pastes && first !== undefined && !empty)
        made.push(pasted(made.pop()!, first, name), ...more);
      else made.push(...brought);
      empty = first === undefined && (!pastes || empty);
      pastes = false;
    }
    return made;
  }
}

/** Two `#` of a body that stand for `##` are one token of this kind. */
const isPaste = ({ text }: Token): boolean => text === "##";

function bodyOf({ name, body }: Macro, { position, spaced }: Moving): Moving[] {
  if (body.length > LONGEST) throw new ExpressionError(`the macro ${name} stands for too much`, position);
  const tokens = moving(tokensOf(body, name, position));
  const joined: Moving[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    if (token.text === "#" && before?.text === "#" && !token.spaced)
      joined[joined.length - 1] = { ...before, text: "##" };
    else joined.push(token);
  }
  return joined.map((token, i) => ({ ...token, position, ...(i === 0 && { spaced }) }));
}

/** @throws ExpressionError at the macro's name where its text holds what no expression can */
function tokensOf(text: string, macro: string, position: number): readonly Token[] {
  try {
    return tokenize(text).slice(0, -1);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(`in the macro ${macro}: ${error.message}`, position);
  }
}

interface Call {
  readonly values: readonly (readonly Moving[])[];
  /** What the closing parenthesis is hidden from. */
  readonly hidden: ReadonlySet<string>;
}

/** The arguments that follow a macro's name, which are taken off. */
function takeArguments({ name, parameters, variadic }: Macro, { position }: Token, rest: Moving[]): Call {
  const wanted = parameters!.length;
  const values: Moving[][] = [[]];
  rest.pop();
  for (let depth = 0; ; ) {
    const token = rest.pop();
    if (token === undefined) throw new ExpressionError(`the arguments of ${name} have no end`, position);
    const { text } = token;
    const isMark = token.kind === "punctuation";
    if (isMark && text === ")" && depth-- === 0) {
      const none = values.length === 1 && values[0]!.length === 0;
      if (none && wanted === 0) values.pop();
      if (variadic && values.length === wanted - 1) values.push([]);
      if (values.length !== wanted)
        throw new ExpressionError(
          `${name} takes ${wanted} argument${wanted === 1 ? "" : "s"}, not ${values.length}`,
          position,
        );
      return { values, hidden: token.hidden };
    }
    if (isMark && text === "(") depth++;
    const separates = isMark && text === "," && depth === 0 && !(variadic && values.length === wanted);
    if (separates) values.push([]);
    else values.at(-1)!.push(token);
  }
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...a].filter((name) => b.has(name)));

/** `#x`: the argument as it was written, its white space as single blanks. */
function stringOf(value: readonly Moving[], at: Moving): Moving {
  const text = value
    .map(({ kind, text, spaced }, i) => {
      const written = kind === "string" || kind === "character" ? text.replace(/[\\"]/g, "\\$&") : text;
      return (spaced && i > 0 ? " " : "") + written;
    })
    .join("");
  return { ...at, kind: "string", text: `"${text}"`, hidden: NONE };
}

/** `a##b`: one token of the two. */
function pasted(left: Moving, right: Moving, { text, position }: Moving): Moving {
  const tokens = tokensOf(left.text + right.text, text, position);
  const [token] = tokens;
  if (token === undefined || tokens.length !== 1)
    throw new ExpressionError(
      `in the macro ${text}: “${left.text}” ## “${right.text}” is no token`,
      position,
    );
  return { ...token, position, spaced: left.spaced, hidden: shared(left.hidden, right.hidden) };
}
