/** The parts of the host's WebAssembly API that capturing uses; TypeScript has them only with the browser's. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean;
  class Module {
    constructor(bytes: Uint8Array);
    static imports(module: Module): { module: string; name: string; kind: string }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBufferLike;
    grow(pages: number): number;
  }
  class Global {
    readonly value: unknown;
  }
  class Table {
    constructor(descriptor: { element: "anyfunc" | "externref"; initial: number });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, ...value: unknown[]): void;
    grow(by: number, value?: unknown): number;
  }
  class Instance {
    constructor(module: Module, imports?: object);
    readonly exports: Record<string, unknown>;
  }
  class RuntimeError extends Error {}
}
