/** What is known of opcodes (`Opcode.code`): those of one byte, nearly all, stand in an array, faster to look up than a map. */
export class ByOpcode<T> {
  private readonly plain = new Array<T | undefined>(256).fill(undefined);
  private readonly prefixed = new Map<number, T>();

  constructor(entries: Iterable<readonly [code: number, T]> = []) {
    for (const [code, value] of entries) this.set(code, value);
  }

  get(code: number): T | undefined {
    return code < 256 ? this.plain[code] : this.prefixed.get(code);
  }

  has(code: number): boolean {
    return this.get(code) !== undefined;
  }

  set(code: number, value: T): void {
    if (code < 256) this.plain[code] = value;
    else this.prefixed.set(code, value);
  }
}
