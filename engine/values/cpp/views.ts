/** Which of C++'s library types is shown how. */
import type { Presentation, View } from "../presentation";
import { presentDuration, presentTimePoint } from "./chrono";
import { presentBitset, presentMap, presentNodes, presentSequence } from "./containers";
import { dynamicView } from "./dynamic";
import { presentAtomic, presentComplex, presentOptional, presentTuple, presentVariant } from "./holders";
import { libraryName, Part } from "./layout";
import {
  presentFunctionObject,
  presentIterator,
  presentReference,
  presentShared,
  presentUnique,
  presentWeak,
  presentWrapped,
} from "./pointers";
import { presentText, stringElements, viewElements } from "./text";

type LibraryView = (whole: Part) => Presentation | undefined;

const BY_NAME: Readonly<Record<string, LibraryView>> = {
  basic_string: (whole) => presentText(stringElements(whole), whole),
  basic_string_view: (whole) => presentText(viewElements(whole), whole),
  vector: presentSequence,
  array: presentSequence,
  span: presentSequence,
  initializer_list: presentSequence,
  deque: presentSequence,
  bitset: presentBitset,
  list: presentNodes,
  forward_list: presentNodes,
  set: presentNodes,
  multiset: presentNodes,
  unordered_set: presentNodes,
  unordered_multiset: presentNodes,
  map: presentMap,
  multimap: presentMap,
  unordered_map: presentMap,
  unordered_multimap: presentMap,
  optional: presentOptional,
  variant: presentVariant,
  tuple: presentTuple,
  unique_ptr: presentUnique,
  shared_ptr: presentShared,
  weak_ptr: presentWeak,
  reference_wrapper: presentReference,
  __wrap_iter: presentWrapped,
  __bounded_iter: presentWrapped,
  __deque_iterator: presentWrapped,
  __list_iterator: presentIterator,
  __list_const_iterator: presentIterator,
  __tree_iterator: presentIterator,
  __tree_const_iterator: presentIterator,
  __map_iterator: presentIterator,
  __map_const_iterator: presentIterator,
  __hash_iterator: presentIterator,
  __hash_const_iterator: presentIterator,
  __hash_map_iterator: presentIterator,
  __hash_map_const_iterator: presentIterator,
  function: presentFunctionObject,
  atomic: presentAtomic,
  complex: presentComplex,
  "chrono::duration": presentDuration,
  "chrono::time_point": presentTimePoint,
};

/** A type of the library, by its name; one whose layout is not understood keeps its bare members. */
const libraryView: View = (type, storage, world) => {
  if (type.kind !== "record" || type.definition === undefined) return undefined;
  const name = libraryName(type);
  if (name === undefined || !Object.hasOwn(BY_NAME, name)) return undefined;
  return BY_NAME[name]!(new Part(type, storage, world));
};

export const cppViews: readonly View[] = [libraryView, dynamicView];
