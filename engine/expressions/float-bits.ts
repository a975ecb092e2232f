/** A number's IEEE 754 bits, as a float or a double holds them. */
export function floatBits(value: number, size: 4 | 8): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return size === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true);
}
