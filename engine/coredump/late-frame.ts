/** A frame whose position is worked out when it is asked for, since that reads the function's code. */
import { attempt, FormatError } from "../bytes/errors";
import { type BodyOffset, bodyOffset, type FunctionIndex } from "../bytes/offsets";
import { unknownOffset } from "./encoding";
import type { CoreFrame } from "./model";

export class LateFrame implements CoreFrame {
  readonly instance: number;
  readonly functionIndex: FunctionIndex;
  readonly locals: CoreFrame["locals"];
  readonly stack: CoreFrame["stack"];
  private known: BodyOffset | undefined;

  /** @param find gives the offset in the function's body; undefined, or below 0, where there is none */
  constructor(
    recorded: CoreFrame,
    private readonly find: () => number | undefined,
  ) {
    this.instance = recorded.instance;
    this.functionIndex = recorded.functionIndex;
    this.locals = recorded.locals;
    this.stack = recorded.stack;
  }

  get offset(): BodyOffset {
    return (this.known ??= this.place());
  }

  private place(): BodyOffset {
    const offset = attempt(this.find);
    const isKnown = offset !== undefined && !(offset instanceof FormatError) && offset >= 0;
    return isKnown ? bodyOffset(offset) : unknownOffset;
  }
}
