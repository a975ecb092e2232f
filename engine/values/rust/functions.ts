/**
 * Functions behind Rust's call traits. A function, or a closure that captures nothing, is a value without bytes: what a
 * `&dyn Fn` to it or a function pointer leads to is the trait's method for it, whose name has its name inside.
 */
import { address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";
import type { World } from "../presentation";

/** `<app::half as core::ops::function::Fn<(u8,)>>::call`, as names of Rust are mangled since its version 0. */
const CALL = /^<(.+) as core::ops::function::Fn(?:Mut|Once)?<.*>>::call(?:_mut|_once)?(?:::\{shim.*\})?$/s;

/** The function that a method of the call traits is of: `app::half`; every other name as it is. */
export const calledFunction = (name: string): string => CALL.exec(name)?.[1] ?? name;

/** In a vtable, words in front of the methods: what drops the value, its size, its alignment. */
const HEADER = 3;

/** The function that a vtable of a call trait is of; undefined for every other vtable. */
export function functionOfVtable(vtable: number, { frame }: World): string | undefined {
  const { machine } = frame;
  const word = (index: number): bigint | undefined => {
    const bytes = machine.memory(address(vtable + index * machine.addressSize), machine.addressSize);
    return bytes instanceof Missing ? undefined : fromBytes(bytes);
  };
  const [size, method] = [word(1), word(HEADER)];
  if (size !== 0n || method === undefined || method >= 2n ** 32n) return undefined;
  return CALL.exec(frame.functionInTable?.(Number(method)) ?? "")?.[1];
}
