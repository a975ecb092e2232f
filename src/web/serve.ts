/** The engine's end of the line: does the one task that it is given, with files that it asks for. */
import { config } from "@vscode/l10n";
import { createAdapter } from "../../adapter/session";
import { FormatError } from "../../engine/bytes/errors";
import { RemoteSource } from "../../engine/bytes/remote-source";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { type Host, HostError } from "../../host/host";
import { crashPage } from "../crash-page/report";
import { examine } from "../local-build/examine";
import type { Answer, FromEngine, Port, Problem, Question, RangedFile, Task, ToEngine } from "./messages";

export function serve(port: Port): void {
  const send = (message: FromEngine): void => port.postMessage(message);
  const host = new AskingHost((question) => send({ question }));
  let adapter: ReturnType<typeof createAdapter> | undefined;
  const start = (task: Task): void => {
    if (task.kind === "adapter") {
      config({ contents: task.texts });
      adapter = createAdapter(host, (message) => send({ message }));
      return;
    }
    const work =
      task.kind === "examine" ? examine(task.args, host) : crashPage(task.args, host, task.actions);
    work.then(
      (outcome) => send({ outcome }),
      (error: unknown) => send({ failure: problemOf(error) }),
    );
  };
  port.onmessage = ({ data }: { readonly data: ToEngine }) => {
    if ("task" in data) start(data.task);
    else if ("answer" in data) host.answered(data.answer);
    else void adapter?.receive(data.message);
  };
}

function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof HostError) return { message, path: error.path };
  return error instanceof FormatError ? { message, path: "" } : { message };
}

/** The editor's files, by questions and answers. */
class AskingHost implements Host {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;

  constructor(private readonly send: (question: Question) => void) {}

  async open(path: string): Promise<ByteSource> {
    const opened = (await this.ask("open", path)) as Uint8Array | RangedFile;
    if (opened instanceof Uint8Array) return new MemorySource(path, opened);
    return new RemoteSource(
      path,
      opened.size,
      async (offset, length) => (await this.ask("read", path, { offset, length })) as Uint8Array,
    );
  }

  async exists(path: string): Promise<boolean> {
    return (await this.ask("exists", path)) as boolean;
  }

  async list(folder: string): Promise<readonly string[]> {
    return (await this.ask("list", folder)) as readonly string[];
  }

  async readText(path: string): Promise<string> {
    return (await this.ask("readText", path)) as string;
  }

  close(): void {}

  answered(answer: Answer): void {
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  private ask(method: Question["method"], path: string, range?: Question["range"]): Promise<unknown> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ value, problem }) => {
        if (problem === undefined) resolve(value);
        else reject(problem.path === undefined ? new Error(problem.message) : fileError(problem));
      });
      this.send({ id, method, path, ...(range && { range }) });
    });
  }
}

const fileError = ({ message, path = "" }: Problem): HostError => new HostError(message, path);
