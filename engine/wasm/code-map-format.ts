/**
 * The custom section of an instrumented module that leads from its code back to the code that it was made of
 * (docs/INSTRUMENT.md). All numbers are ULEB128; a list is a count and its items.
 *
 * ```
 * map      = version:1  imported  added  code  function*
 * function = size  list((copied inserted))  list(locals)  list((delta list(operand)))
 * ```
 * - `imported`: functions that the original imports; the `added` imports follow them and move the functions behind.
 * - `code`: file offset, in the instrumented module, of the size of its first function body. Sizes have no padding.
 * - `function`: the original's defined functions in order; `size` is the instrumented body's.
 * - `copied inserted`: so many bytes of the body are the original's, then so many are new. What is new belongs to the
 *   original instruction behind it; what comes behind all of them is left out.
 * - `locals`: sets of seven, bit 0 of the first is local 0: those that the function's handler records. An empty list is
 *   of a function without a handler.
 * - `delta operand`: positions in the original body, each counted from the one before, where operands lie on the stack
 *   below those that the instruction takes; for each operand, bottom first, 1 + the number of the spilled value that
 *   holds it, or 0 when none does.
 */
export const mapSection = "wasm_postmortem.map";
export const mapVersion = 1;
