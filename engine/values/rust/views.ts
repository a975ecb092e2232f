/** Rust's own views of types, in the order in which they are tried: text before the sequences it is made of. */
import type { View } from "../presentation";
import { sequenceView } from "./sequences";
import { stringView, strView } from "./text";

export const rustViews: readonly View[] = [strView, stringView, sequenceView];
