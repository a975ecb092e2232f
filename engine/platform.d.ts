/**
 * The only names the engine takes from its platform, declared here because the engine is compiled
 * without Node's and without the DOM's types: every host it runs in (Node, browsers, Workers) has them.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
