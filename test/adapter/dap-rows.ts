/** The rows of docs/DAP.md: what users of a post-mortem debugger want, and the tests that show it. */

export interface Row {
  readonly item: string;
  readonly wanted: "must" | "yes" | "no";
  /** What answers it. */
  readonly requests: readonly string[];
  readonly how: string;
  /** Titles of tests. */
  readonly shown: readonly string[];
}

export const ROWS: readonly Row[] = [
  {
    item: "One launch key for the dump",
    wanted: "must",
    requests: ["launch", "attach"],
    how: "`coreFile`; the module is found by build id or name",
    shown: [
      "F5 without a launch.json stands at the crash line and says why",
      "attaches with the same arguments as it launches",
      "names the argument that is missing",
    ],
  },
  {
    item: "Stop reason and text, exception details",
    wanted: "must",
    requests: ["stopped", "exceptionInfo"],
    how: "the language's own message, then the trap; the stack as text",
    shown: [
      "stops with the reason that the widget shows, at the thread that crashed",
      "is the text of the exception, whose reason only the crashed thread has",
    ],
  },
  {
    item: "Threads; stack by page, with its length and in the client's format",
    wanted: "must",
    requests: ["threads", "stackTrace"],
    how: "inlined calls are frames of their own; a page computes no other frame",
    shown: [
      "comes by page, computes no frame beyond it, and keeps the frames' numbers",
      "writes names as the client's format asks",
      "exists for each thread of the dump",
    ],
  },
  {
    item: "Sources that are not the program's own, de-emphasized",
    wanted: "must",
    requests: ["stackTrace"],
    how: "libraries, runtimes, and what reported the crash; `wasm-postmortem.showRuntimeFrames` unfolds them",
    shown: [
      "gives VS Code the crash line as the first source that it may stand at",
      "keeps runtime frames in view, marked",
      "unfold runtime frames, and the editor still stands at the crash line",
    ],
  },
  {
    item: "Modules: build id, symbol file, state of the symbols and its reason",
    wanted: "must",
    requests: ["modules"],
    how: "`version`, `symbolFilePath`, `symbolStatus`; frames carry `moduleId`",
    shown: ["say whether debug information was found, and if not why"],
  },
  {
    item: "Instruction pointers and disassembly",
    wanted: "must",
    requests: ["disassemble"],
    how: "WAT with names, bytes and source lines; scrolls through the whole module",
    shown: [
      "begins at the frame's instruction",
      "answers exactly as many as were asked for, the frame's own in its place",
    ],
  },
  {
    item: "Scopes: arguments, locals by block, statics, the Wasm machine",
    wanted: "must",
    requests: ["scopes"],
    how: "blocks carry their lines; statics and registers are `expensive`",
    shown: [
      "leaves an empty list of arguments out, so that the locals are what opens",
      "tells the lines of a block, and its file on this machine",
    ],
  },
  {
    item: "Values beside the lines, of the variable that a line means",
    wanted: "yes",
    requests: ["wasm/visibleNames"],
    how: "by blocks and declarations; none of blocks that have ended, of other functions, of what is shadowed",
    shown: [
      "are of the variable that a C program's line means, where others of its name shadow it",
      "are told by its text: none of a loop that has ended, none of other functions",
      "writes the values of variables beside the lines that ran",
    ],
  },
  {
    item: "Variables by page, named and indexed",
    wanted: "must",
    requests: ["variables"],
    how: "an element is decoded when its page is asked for",
    shown: [
      "gives elements by page, and makes no others",
      "does not send a huge array to a client that does not page, and says so",
    ],
  },
  {
    item: "Hints: read-only, base classes, lazy dereferences",
    wanted: "yes",
    requests: ["variables"],
    how: "`presentationHint`; what a pointer to a scalar leads to waits for a click",
    shown: [
      "shows values as read-only, with what to type to get them and where they are",
      "waits with a dereference until it is asked for",
    ],
  },
  {
    item: "Numbers in hexadecimal",
    wanted: "yes",
    requests: ["variables", "evaluate", "stackTrace", "wasm/settings"],
    how: "`format.hex` of any request; else the setting `wasm-postmortem.hexadecimal`, live",
    shown: [
      "writes numbers in hexadecimal on request",
      "write numbers in hexadecimal from the next question on, and tell the client to ask again",
    ],
  },
  {
    item: "Memory at any address",
    wanted: "must",
    requests: ["readMemory"],
    how: "what was not recorded is `unreadableBytes`, never zeros; several memories are told apart",
    shown: [
      "reads recorded bytes at any address, offsets below the reference included",
      "counts what was not recorded instead of giving zeros",
      "lead to the memory of the frame that they were shown in",
    ],
  },
  {
    item: "Locations: declarations, and functions behind pointers",
    wanted: "yes",
    requests: ["locations"],
    how: "through the table's element segments; without debug information to the function's WAT",
    shown: [
      "lead from a variable to its declaration",
      "lead from a function pointer through the table to the function",
    ],
  },
  {
    item: "Evaluation: watch, hover, console, clipboard, variables",
    wanted: "must",
    requests: ["evaluate"],
    how: "docs/EXPRESSIONS.md; the console takes gdb's commands as well",
    shown: [
      "evaluates an expression of the chosen frame in the console",
      "shows a variable's value where the mouse points at it",
      "answers gdb's commands from the frame that is selected",
      "is whole where the watch shows its beginning",
    ],
  },
  {
    item: "Completions",
    wanted: "yes",
    requests: ["completions"],
    how: "names, members, methods, types, commands",
    shown: [
      "offer a frame's variables, replacing what is typed of them",
      "completes commands behind the names of the program",
    ],
  },
  {
    item: "Loaded sources, and sources that are no files",
    wanted: "yes",
    requests: ["loadedSources", "source"],
    how: "every file of the line tables; embedded text and WAT by `sourceReference`",
    shown: [
      "list every file that the line tables name, once, where it is on this machine",
      "shows text that the debug information carries",
      "shows a function without debug information as text, at the instruction where it stands",
    ],
  },
  {
    item: "Cancellation and progress",
    wanted: "yes",
    requests: ["cancel", "progressStart"],
    how: "waiting requests, searches through the whole program or memory",
    shown: [
      "takes a waiting request back on cancel, and leaves the others",
      "tells the client how far it is, and that it has ended",
      "ends where it is cancelled, and its progress with it",
    ],
  },
  {
    item: "Triage in the console, with values that open",
    wanted: "yes",
    requests: ["output"],
    how: "reason, place as a link, the crash frame's variables",
    shown: [
      "tells warnings as important, then the triage with a link to the crash line",
      "tells the crash frame's variables as a line of the console that opens",
    ],
  },
  {
    item: "What is shown becomes invalid when settings change",
    wanted: "yes",
    requests: ["invalidated", "wasm/settings"],
    how: "variables, or the stacks as well",
    shown: [
      "write numbers in hexadecimal from the next question on, and tell the client to ask again",
      "send no event to a client that does not take it",
    ],
  },
  {
    item: "Breakpoints",
    wanted: "no",
    requests: ["setBreakpoints", "setFunctionBreakpoints", "setInstructionBreakpoints", "setDataBreakpoints"],
    how: "taken, and answered as unverified with the reason",
    shown: ["answers each breakpoint as unverified with the reason"],
  },
  {
    item: "Continue and step",
    wanted: "no",
    requests: ["continue", "next", "stepIn", "stepOut", "pause"],
    how: "one clear message, and the session stays stopped",
    shown: ["stays at the crash when the user steps or continues, and says once why"],
  },
  {
    item: "Restart",
    wanted: "yes",
    requests: ["restart"],
    how: "reads dump and build from disk again",
    shown: ["reads dump and build anew on restart, and numbers frames from the start"],
  },
  {
    item: "Changing variables or memory",
    wanted: "no",
    requests: ["setVariable", "setExpression", "writeMemory"],
    how: "not declared; every value is read-only",
    shown: ["hold what a dump can do, and nothing that changes or runs it"],
  },
];
