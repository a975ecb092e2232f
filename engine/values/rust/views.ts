/**
 * Rust's own views of types, in the order in which they are tried: text before the sequences it is made of.
 * Each knows the library's types by the names and types of their members, whatever their order and offsets;
 * where it does not find them it does not apply, and the value is shown by its members.
 */
import type { View } from "../presentation";
import { cellView, wrapperView } from "./cells";
import { crateTextView, indexView } from "./crates";
import { hashView } from "./hash-tables";
import { listView } from "./lists";
import { netView } from "./net";
import { onceView, threadLocalView } from "./once";
import { rangeView } from "./ranges";
import { sequenceView } from "./sequences";
import { guardView, sharedView, traitEndView, traitObjectView } from "./shared";
import { ownedTextView, restOfTextView, stringView, strView, textPointerView } from "./text";
import { timeView } from "./time";
import { treeView } from "./trees";

export const rustViews: readonly View[] = [
  strView,
  stringView,
  textPointerView,
  ownedTextView,
  restOfTextView,
  crateTextView,
  sequenceView,
  hashView,
  treeView,
  indexView,
  listView,
  sharedView,
  traitObjectView,
  traitEndView,
  guardView,
  cellView,
  onceView,
  threadLocalView,
  rangeView,
  timeView,
  netView,
  wrapperView,
];
