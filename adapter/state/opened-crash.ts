/**
 * The open crash with what the protocol needs beside it: numbers for frames, variables and source texts, and
 * the files on this machine. All of it is dropped together when the dump is opened anew.
 */
import { once } from "../../engine/bytes/errors";
import type { LongWork } from "../../engine/bytes/long-work";
import { Console } from "../../engine/console/console";
import type { CoreMemory } from "../../engine/coredump/model";
import type { Crash, Frame, Thread } from "../../engine/postmortem/model";
import type { Host } from "../../host/host";
import type { LaunchArguments } from "../../host/launch";
import { sourceLines } from "../../host/source-lines";
import { SourceLocator } from "../../host/source-locator";
import { ABSENT_MEMORY, type MemoryNumber } from "../presentation/references";
import { errors } from "../protocol/errors";
import { SourceTexts } from "../sources/texts";
import type { Container, Owner } from "./containers";
import { Handles } from "./handles";
import { Locations } from "./locations";

/** A frame that the client knows, with its thread and what was listed of it. */
export interface KnownFrame {
  readonly id: number;
  readonly thread: Thread;
  readonly frame: Frame;
  /** Handles of its scopes, once listed. */
  scopes: readonly number[] | undefined;
}

export class OpenedCrash {
  readonly containers = new Handles<Container>();
  readonly texts = new SourceTexts();
  readonly locations = new Locations();
  readonly locator: SourceLocator;
  private latest: { readonly key: string; readonly work: LongWork } | undefined;
  private readonly frames = new Handles<KnownFrame>();
  /** By thread id and frame index. */
  private readonly frameIds = new Map<string, number>();

  /** The debug console's commands. */
  readonly console: () => Console;

  constructor(
    readonly crash: Crash,
    readonly args: LaunchArguments,
    host: Host,
  ) {
    this.locator = new SourceLocator(host, args);
    this.console = once(() => new Console(crash, sourceLines(this.locator, host)));
  }

  /** The frame's number, the same at each call. */
  frameId(thread: Thread, frame: Frame): number {
    const key = `${thread.id}:${frame.index}`;
    const known = this.frameIds.get(key);
    if (known !== undefined) return known;
    const id = this.frameIds.size + 1;
    this.frames.add({ id, thread, frame, scopes: undefined });
    this.frameIds.set(key, id);
    return id;
  }

  /** @throws AdapterError when no such thread exists */
  thread(id: number): Thread {
    const thread = this.crash.threads.find((candidate) => candidate.id === id);
    if (thread === undefined) throw errors.unknownThread(id);
    return thread;
  }

  /** @throws AdapterError when the client was never given this number */
  frame(id: number): KnownFrame {
    const known = this.frames.get(id);
    if (known === undefined) throw errors.unknownFrame(id);
    return known;
  }

  /** Long work by what it is for: the same again, as a request is asked anew until its work is done. */
  work<Work extends LongWork>(key: string, begin: () => Work): Work {
    if (this.latest?.key !== key) this.latest = { key, work: begin() };
    return this.latest.work as Work;
  }

  /** What the addresses and table slots in a frame's values are of. */
  ownerOf(frame: Frame): Owner {
    return { memory: this.memoryOf(frame), module: frame.physical.module };
  }

  /** A frame's memory 0 as references to memory name it. */
  memoryOf(frame: Frame): MemoryNumber {
    const own = this.memoryIndex(frame);
    if (own === this.memoryIndex(this.crashFrame)) return 0;
    return own === undefined ? ABSENT_MEMORY : Math.min(own + 1, ABSENT_MEMORY);
  }

  /** The memory that a reference names; undefined when the dump does not have it. */
  memory(number: MemoryNumber): CoreMemory | undefined {
    const index = number === 0 ? this.memoryIndex(this.crashFrame) : number - 1;
    return index === undefined ? undefined : this.crash.dump.memories[index];
  }

  private memoryIndex({ physical }: Frame): number | undefined {
    const instance = this.crash.dump.instances[physical.core.instance];
    return instance === undefined ? 0 : instance.memories[0];
  }

  /** @throws AdapterError when the client was never given this number */
  container(id: number): Container {
    const container = this.containers.get(id);
    if (container === undefined) throw errors.unknownVariables(id);
    return container;
  }

  /** The thread that crashed: the first one of the dump that has frames. */
  get crashedThread(): Thread {
    const thread = this.crash.threads.find((candidate) => candidate.frameCount > 0);
    if (thread === undefined) throw errors.noFrame();
    return thread;
  }

  /** The frame to stand at. */
  get crashFrame(): Frame {
    const thread = this.crashedThread;
    const frame = thread.frames(thread.crashFrame, 1)[0];
    if (frame === undefined) throw errors.noFrame();
    return frame;
  }
}
