/** Custom sections as tests add them to modules and dumps. */

/** What every module and dump begins with. */
export const preamble = Buffer.from("\0asm\u0001\0\0\0", "latin1");

/** A custom section as it stands at a file's end. */
export function customSection(name: string, contents: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(contents)]);
  return Buffer.concat([Buffer.from([0, (body.length & 0x7f) | 0x80, body.length >> 7]), body]);
}
