/** Which of C++'s library types is shown how. */
import type { Presentation, View } from "../presentation";
import { presentBitIterator, presentBitReference } from "./bits";
import { CALENDAR_VIEWS } from "./calendar";
import { presentDuration, presentTimeOfDay, presentTimePoint } from "./chrono";
import { presentBitset, presentMap, presentNodes, presentSequence, presentString } from "./containers";
import { presentCoroutineHandle } from "./coroutines";
import { dynamicView } from "./dynamic";
import { presentAny, presentFunctionObject } from "./erased";
import {
  isLibraryException,
  presentErrorCode,
  presentException,
  presentTypeInfo,
  typeInfoView,
} from "./exceptions";
import { presentExpected } from "./expected";
import {
  delegated,
  presentAtomic,
  presentComplex,
  presentOptional,
  presentOrdering,
  presentTuple,
  presentVariant,
} from "./holders";
import { libraryName, Part } from "./layout";
import {
  presentIterator,
  presentNodeHandle,
  presentReference,
  presentShared,
  presentUnique,
  presentWeak,
  presentWrapped,
} from "./pointers";

type LibraryView = (whole: Part) => Presentation | undefined;

/** Shown as one of its members is. */
const as =
  (...names: string[]): LibraryView =>
  (whole) =>
    delegated(whole.member(...names));

const BY_NAME: Readonly<Record<string, LibraryView>> = {
  basic_string: presentString,
  basic_string_view: presentString,
  vector: presentSequence,
  array: presentSequence,
  span: presentSequence,
  initializer_list: presentSequence,
  deque: presentSequence,
  bitset: presentBitset,
  valarray: presentSequence,
  stack: as("c"),
  queue: as("c"),
  priority_queue: as("c"),
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
  expected: presentExpected,
  unexpected: as("__unex_"),
  any: presentAny,
  variant: presentVariant,
  tuple: presentTuple,
  unique_ptr: presentUnique,
  shared_ptr: presentShared,
  weak_ptr: presentWeak,
  reference_wrapper: presentReference,
  __basic_node_handle: presentNodeHandle,
  __bit_reference: presentBitReference,
  __bit_const_reference: presentBitReference,
  __bit_iterator: presentBitIterator,
  reverse_iterator: presentIterator,
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
  __hash_local_iterator: presentIterator,
  __hash_const_local_iterator: presentIterator,
  __hash_map_iterator: presentIterator,
  __hash_map_const_iterator: presentIterator,
  function: presentFunctionObject,
  coroutine_handle: presentCoroutineHandle,
  atomic: presentAtomic,
  atomic_flag: presentAtomic,
  strong_ordering: presentOrdering,
  weak_ordering: presentOrdering,
  partial_ordering: presentOrdering,
  error_code: presentErrorCode,
  error_condition: presentErrorCode,
  type_info: presentTypeInfo,
  type_index: (whole) => delegated(whole.member("__t_")?.target()),
  "filesystem::path": as("__pn_"),
  "ranges::ref_view": (whole) => delegated(whole.member("__range_")?.target()),
  complex: presentComplex,
  "chrono::duration": presentDuration,
  "chrono::time_point": presentTimePoint,
  "chrono::hh_mm_ss": presentTimeOfDay,
  ...CALENDAR_VIEWS,
};

/** A type of the library, by its name; one whose layout is not understood keeps its bare members. */
const libraryView: View = (type, storage, world) => {
  if (type.kind !== "record") return undefined;
  const name = libraryName(type);
  if (name === undefined) return undefined;
  const whole = new Part(type, storage, world);
  if (isLibraryException(type)) return presentException(whole);
  if (!Object.hasOwn(BY_NAME, name)) return undefined;
  return type.definition === undefined && name !== "type_info" ? undefined : BY_NAME[name]!(whole);
};

export const cppViews: readonly View[] = [libraryView, typeInfoView, dynamicView];
