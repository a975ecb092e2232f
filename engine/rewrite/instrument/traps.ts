/** The traps that checks come before, and their messages as V8 words them. */
export const trapMessages = {
  unreachable: "unreachable",
  divideByZero: "divide by zero",
  remainderByZero: "remainder by zero",
  divideOverflow: "divide result unrepresentable",
  truncation: "float unrepresentable in integer range",
  tableIndex: "table index is out of bounds",
  nullFunction: "null function or function signature mismatch",
  memory: "memory access out of bounds",
} as const;

export type Trap = keyof typeof trapMessages;
