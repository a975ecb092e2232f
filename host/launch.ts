/** What a user gives to open a crash; the launch arguments of the debug type and the CLI's are the same. */
export interface LaunchArguments {
  /** The Wasm module of the build that crashed; where it is left out, the error names what the dump asks for. */
  readonly program?: string;
  /** The core dump, packed or not; or a text with JavaScript stack traces, which is opened without values. */
  readonly coreFile: string;
  /** The text of stack traces itself; `coreFile` is then only a name for it. */
  readonly stackTrace?: string;
  /** Modules besides the program: the name in the dump (or the position there) → the file. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Reads the dump in this dialect, whatever it looks like (docs/DIALECTS.md). */
  readonly dialect?: string;
  /** Prefixes of paths in the debug information → prefixes on this machine; the longest match wins. */
  readonly sourceMap?: Readonly<Record<string, string>>;
  /** Files or folders with split-off debug information, searched by build id. */
  readonly debugInfo?: readonly string[];
  /** Folders of the project, where sources are looked for; the editor fills them in. */
  readonly workspaceFolders?: readonly string[];
}
