/**
 * A function's code as basic blocks, with the ways between them that lead to one instruction.
 *
 * WebAssembly's control flow is structured: a branch goes forward to the end of a block or back to the head of a
 * loop, so that the blocks in the order of the code are in reverse postorder, and only loops join backwards.
 */
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { blockArity, indexImmediate } from "../../wasm/operands";
import { stackStates } from "../../wasm/operands-height";
import { constructsOf, type Step } from "./constructs";
import { type Guard, guardOf, handlersOf, mayThrow, unguarded } from "./handlers";
import { Unrecoverable } from "./unrecoverable";

/** What is known when a way is taken. */
export type Condition = "none" | "true" | "false" | "default" | { readonly case: number };

export interface Way {
  /** The block that it leads to. */
  readonly to: number;
  readonly condition: Condition;
  /** Operands that stay below, and those carried along from the top; undefined where all stay. */
  readonly keeps: { readonly base: number; readonly carried: number } | undefined;
  /** Where an exception leads there, the number of values that it brings. */
  readonly caught?: number;
}

export interface BasicBlock {
  /** Positions of its instructions in `Flow.steps`; `end` is the one behind. */
  readonly first: number;
  readonly end: number;
  readonly ways: readonly Way[];
  /** Whether it starts with `loop`. */
  readonly isLoop: boolean;
}

export interface Flow {
  readonly steps: readonly Step[];
  /** In the order of the code. */
  readonly blocks: readonly BasicBlock[];
  /** The block that starts at the instruction asked for. */
  readonly target: number;
  /** Blocks on some way to the target. */
  readonly leading: ReadonlySet<number>;
  /** For each loop that leads there, the blocks of its turns. */
  readonly turns: ReadonlyMap<number, ReadonlySet<number>>;
}

/** A construct that has not ended: where branches to it go, and exceptions out of it. */
interface Label extends Guard {
  readonly opener: number;
  readonly isLoop: boolean;
  readonly base: number;
  readonly parameters: number;
  readonly results: number;
}

/** Instructions that move control in ways that are not followed. */
const UNFOLLOWED = /^(br_on_|resume|suspend|switch|cont\.)/;

/**
 * @param offset of the instruction asked for; "return" for the function's end, to which `return` leads as well
 * @throws Unrecoverable where the code uses what is not followed, or no instruction starts there
 */
export function flowTo(module: WasmModule, code: FunctionCode, offset: number | "return"): Flow {
  const states = [...stackStates(module, code)];
  const steps: Step[] = states;
  const constructs = constructsOf(steps);
  const wanted =
    offset === "return"
      ? steps.length - 1
      : steps.findIndex(({ instruction }) => instruction.offset === offset);
  if (wanted < 0) throw new Unrecoverable("its offset is no instruction's");

  const leaders = new Set<number>([0, wanted]);
  const exits = new Map<number, (Omit<Way, "to"> & { readonly at: number })[]>();
  const labels: Label[] = [];
  const type = module.functionType(code.body.index);
  if (type === undefined) throw new Unrecoverable("its type is not known");
  labels.push({
    opener: -1,
    isLoop: false,
    base: 0,
    parameters: 0,
    results: type.results.length,
    ...unguarded,
  });

  const lead = (
    from: number,
    at: number,
    condition: Condition,
    keeps: Way["keeps"],
    caught?: number,
  ): void => {
    leaders.add(at);
    const known = exits.get(from);
    const way = { at, condition, keeps, ...(caught !== undefined && { caught }) };
    if (known === undefined) exits.set(from, [way]);
    else known.push(way);
  };
  const endOf = (opener: number): number => constructs.get(opener)?.end ?? steps.length - 1;
  const targetOf = ({ isLoop, opener }: Label): number => (isLoop ? opener : endOf(opener));
  const branch = (from: number, depth: number, condition: Condition): void => {
    const label = labels[labels.length - 1 - depth];
    if (label === undefined) throw new Unrecoverable("a branch leads nowhere");
    const carried = label.isLoop ? label.parameters : label.results;
    lead(from, targetOf(label), condition, { base: label.base, carried });
  };

  states.forEach(({ instruction, height }, at) => {
    const { mnemonic, immediates } = instruction;
    if (UNFOLLOWED.test(mnemonic)) throw new Unrecoverable(`its code uses ${mnemonic}`);
    const reached = typeof height === "number";
    if (height === "unknown") throw new Unrecoverable("its operand stack cannot be followed");
    switch (mnemonic) {
      case "block":
      case "loop":
      case "try":
      case "try_table":
      case "if": {
        const immediate = immediates.find(({ kind }) => kind === "block");
        const arity = immediate?.kind === "block" ? blockArity(module, immediate.type) : undefined;
        if (arity === undefined) throw new Unrecoverable("a block's type is not known");
        const below = reached ? height - (mnemonic === "if" ? 1 : 0) - arity.parameters : 0;
        const guard = guardOf(module, steps, at, constructs.get(at), below, labels, targetOf);
        labels.push({ opener: at, isLoop: mnemonic === "loop", base: below, ...arity, ...guard });
        if (mnemonic === "loop") leaders.add(at);
        if (mnemonic === "if" && reached) {
          const otherwise = constructs.get(at)?.divisions[0];
          lead(at, at + 1, "true", undefined);
          lead(at, otherwise === undefined ? endOf(at) : otherwise + 1, "false", undefined);
        }
        break;
      }
      case "else":
      case "catch":
      case "catch_all": {
        leaders.add(at + 1);
        const divided = labels.at(-1);
        if (divided === undefined) throw new Unrecoverable("its code is malformed");
        lead(at, endOf(divided.opener), "none", undefined);
        // What is thrown in a clause is no longer for its siblings.
        labels[labels.length - 1] = { ...divided, ...unguarded };
        break;
      }
      case "end":
      case "delegate":
        leaders.add(at);
        labels.pop();
        break;
      case "br":
        leaders.add(at + 1);
        if (reached) branch(at, indexImmediate(instruction, "label") ?? 0, "none");
        break;
      case "br_if":
        if (!reached) break;
        branch(at, indexImmediate(instruction, "label") ?? 0, "true");
        lead(at, at + 1, "false", undefined);
        break;
      case "br_table": {
        leaders.add(at + 1);
        const [table] = immediates;
        if (table?.kind !== "labels" || !reached) break;
        const cases = new Map<number, number[]>();
        table.labels.forEach((label, index) => {
          const known = cases.get(label);
          if (known === undefined) cases.set(label, [index]);
          else known.push(index);
        });
        for (const [label, indices] of cases) {
          const only = indices.length === 1 && label !== table.otherwise;
          branch(at, label, only ? { case: indices[0]! } : "default");
        }
        if (!cases.has(table.otherwise)) branch(at, table.otherwise, "default");
        break;
      }
      case "return":
        leaders.add(at + 1);
        if (reached) lead(at, steps.length - 1, "none", { base: 0, carried: type.results.length });
        break;
      default:
        if (/^(unreachable|return_call|throw|rethrow)/.test(mnemonic)) {
          leaders.add(at + 1);
          exits.set(at, []);
        }
        if (reached && mayThrow(mnemonic))
          for (const { to, base, values } of handlersOf(labels))
            lead(at, to, "none", { base, carried: 0 }, values);
    }
  });
  return pruned(steps, blocksOf(steps, leaders, exits), wanted);
}

function blocksOf(
  steps: readonly Step[],
  leaders: ReadonlySet<number>,
  exits: ReadonlyMap<number, readonly (Omit<Way, "to"> & { readonly at: number })[]>,
): BasicBlock[] {
  const firsts = [...leaders].filter((at) => at < steps.length).sort((a, b) => a - b);
  // A way out ends a block, whether or not something leads behind it.
  for (const at of exits.keys()) if (at + 1 < steps.length && !leaders.has(at + 1)) firsts.push(at + 1);
  firsts.sort((a, b) => a - b);
  const blockAt = new Map(firsts.map((first, index) => [first, index]));
  return firsts.map((first, index) => {
    const end = firsts[index + 1] ?? steps.length;
    const out = exits.get(end - 1);
    const mnemonic = steps[end - 1]!.instruction.mnemonic;
    // A call that may throw goes on as well.
    const isLast = out === undefined || mnemonic.startsWith("call");
    const falls = isLast && end < steps.length && !/^(br|br_table|return)$/.test(mnemonic);
    const ways = (out ?? []).map(({ at, ...way }): Way => {
      const to = blockAt.get(at);
      if (to === undefined) throw new Unrecoverable("its code is malformed");
      return { to, ...way };
    });
    if (falls) ways.push({ to: index + 1, condition: "none", keeps: undefined });
    return { first, end, ways, isLoop: steps[first]!.instruction.mnemonic === "loop" };
  });
}

function pruned(steps: readonly Step[], blocks: readonly BasicBlock[], wanted: number): Flow {
  const target = blocks.findIndex(({ first }) => first === wanted);
  const into: number[][] = blocks.map(() => []);
  blocks.forEach(({ ways }, from) => {
    for (const { to } of ways) into[to]!.push(from);
  });
  const leading = reaching(into, [target], -1);
  const turns = new Map<number, ReadonlySet<number>>();
  blocks.forEach(({ isLoop }, head) => {
    if (!isLoop || !leading.has(head)) return;
    const back = into[head]!.filter((from) => from >= head && leading.has(from));
    if (back.length > 0) turns.set(head, reaching(into, back, head));
  });
  return { steps, blocks, target, leading, turns };
}

/** The blocks from which some of `from` can be reached without passing `head`, itself included. */
function reaching(into: readonly (readonly number[])[], from: readonly number[], head: number): Set<number> {
  const found = new Set<number>(head < 0 ? [] : [head]);
  const open = [...from];
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    if (found.has(block)) continue;
    found.add(block);
    open.push(...into[block]!);
  }
  return found;
}
