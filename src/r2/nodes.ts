/** What the view "Wasm Crashes" shows: a bucket's builds, their groups of equal crashes, and the crashes. */
import type { CrashRecord } from "../../r2/record";
import type { BucketCrashes } from "./bucket-crashes";
import type { BucketSource } from "./buckets";
import type { BuildCrashes, Crash, CrashGroup } from "./crashes";

export interface BucketNode {
  readonly kind: "bucket";
  readonly id: string;
  readonly source: BucketSource;
}

export interface BuildNode {
  readonly kind: "build";
  readonly id: string;
  readonly list: BucketCrashes;
  readonly build: BuildCrashes;
  /** Of its newest crash. */
  readonly record: CrashRecord | undefined;
}

export interface GroupNode {
  readonly kind: "group";
  readonly id: string;
  readonly list: BucketCrashes;
  readonly group: CrashGroup;
  /** Whether there may be more of them than are listed. */
  readonly isCut: boolean;
  /** Of its newest crash. */
  readonly record: CrashRecord | undefined;
}

export interface CrashNode {
  readonly kind: "crash";
  readonly id: string;
  readonly list: BucketCrashes;
  readonly crash: Crash;
  readonly record: CrashRecord | undefined;
}

/** What can be opened for more. */
export type ParentNode = BucketNode | BuildNode | GroupNode;

export interface MoreNode {
  readonly kind: "more";
  readonly id: string;
  readonly parent: ParentNode;
}

/** What went wrong, in place of what should be there. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly id: string;
  readonly error: unknown;
}

/** There is nothing, and that is no error. */
export interface EmptyNode {
  readonly kind: "empty";
  readonly id: string;
}

export type Node = ParentNode | CrashNode | MoreNode | ProblemNode | EmptyNode;

/** The crashes that a node stands for, the newest first. */
export function crashesOf(node: GroupNode | CrashNode): readonly Crash[] {
  return node.kind === "group" ? node.group.crashes : [node.crash];
}
