/** A program small enough to know all of its locals. */
import { ByteWriter } from "../../../engine/bytes/writer";
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";

const i32 = 0x7f;
const end = 0x0b;

/**
 * `outer(n)` has 10 n in a local and calls `inner(n)`, which has 100 n in one, calls the host with n, and divides its
 * local by n; both add their local to what they got. `peek(n)` calls the host, then reads memory at n.
 */
export const program: Uint8Array = moduleOf(
  vectorSection(1, [0x60, 1, i32, 1, i32]),
  vectorSection(2, new ByteWriter().name("host").name("call").u8(0).uleb(0)),
  vectorSection(3, [0], [0], [0]),
  vectorSection(5, [0, 1]),
  vectorSection(
    7,
    new ByteWriter().name("outer").u8(0).uleb(2),
    new ByteWriter().name("inner").u8(0).uleb(1),
    new ByteWriter().name("peek").u8(0).uleb(3),
  ),
  vectorSection(
    10,
    body(
      ...[1, 1, i32, 0x20, 0, 0x41, 0xe4, 0, 0x6c, 0x21, 1],
      ...[0x20, 0, 0x10, 0, 0x20, 1, 0x20, 0, 0x6d, 0x6a, 0x20, 1, 0x6a, end],
    ),
    body(...[1, 1, i32, 0x20, 0, 0x41, 10, 0x6c, 0x21, 1], ...[0x20, 0, 0x10, 1, 0x20, 1, 0x6a, end]),
    body(0, 0x20, 0, 0x10, 0, 0x1a, 0x20, 0, 0x28, 2, 0, end),
  ),
);
