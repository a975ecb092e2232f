/** What JavaScript may do with a trap that comes by between two frames of a module, and what the module makes of it. */

type Call = (value: number) => number;
interface Exports {
  readonly inner: Call;
  readonly guarded: Call;
  readonly hosted: Call;
  readonly table: { get(index: number): Call };
}

/** @param startWith gives the exports of an instance with these imports */
export function outcomesOf(startWith: (imports: { host: { call: Call } }) => object): string[] {
  const trap = (): unknown => {
    try {
      return exports.inner(0);
    } catch (error) {
      return error;
    }
  };
  let kept: unknown;
  const hosts: Record<string, () => number> = {
    "the host returns": () => 7,
    "the host throws"() {
      throw new TypeError("of the host");
    },
    "the host throws the trap again"() {
      throw trap();
    },
    "the host throws another error for the trap"() {
      throw new Error("wrapped", { cause: trap() });
    },
    "the host swallows the trap"() {
      trap();
      return 44;
    },
    "the host calls and throws the trap again"() {
      const error = trap();
      if (exports.guarded(5) !== 35) throw new Error("another result");
      throw error;
    },
    "the host calls and throws another error"() {
      trap();
      exports.guarded(5);
      throw new Error("another");
    },
    "the host keeps the trap"() {
      kept = trap();
      return 1;
    },
    "and throws it later"() {
      throw kept;
    },
  };
  let call: () => number = () => 0;
  const exports = startWith({ host: { call: () => call() } }) as Exports;
  const told = (what: string, run: () => number): string => {
    try {
      return `${what}: ${run()}`;
    } catch (error) {
      return `${what}: ${error}`;
    }
  };
  return [
    told("guarded 5", () => exports.guarded(5)),
    told("guarded 0", () => exports.guarded(0)),
    told("by table", () => exports.table.get(0)(0)),
    told("inner by table", () => exports.table.get(1)(0)),
    ...Object.entries(hosts).map(([what, host]) => {
      call = host;
      return told(what, () => exports.hosted(1));
    }),
  ];
}
