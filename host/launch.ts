/** What a user gives to open a crash; the launch arguments of the debug type and the CLI's are the same. */
export interface LaunchArguments {
  /** The Wasm module of the build that crashed; where it is left out, the error names what the dump asks for. */
  readonly program?: string;
  readonly coreFile: string;
  /** Prefixes of paths in the debug information → prefixes on this machine; the longest match wins. */
  readonly sourceMap?: Readonly<Record<string, string>>;
  /** Files or folders with split-off debug information, searched by build id. */
  readonly debugInfo?: readonly string[];
  /** Folders of the project, where sources are looked for; the editor fills them in. */
  readonly workspaceFolders?: readonly string[];
}
