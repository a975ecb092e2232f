/**
 * Compilers of random programs, by the names that test/fixtures/build.sh knows them by; CC and CXX name others. C++ has
 * libc++ of clang 22; Rust has a library of its own with debug information (`rust/library.sh`).
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Language } from "./model";

/** A compiler or a library that is not there; its message is one line. */
export class MissingTool extends Error {}

const LINKER = "wasm-ld-22";
const WASI = "/usr/lib/wasm32-wasi";
const CACHE = join(__dirname, "../../.cache/hunt");

interface Toolchain {
  readonly extension: string;
  readonly compiler: string;
  /** What has the program tell everything. */
  readonly full: readonly string[];
  /** @returns the module's path */
  build(source: string, name: string, options: readonly string[]): string;
}

/** @throws MissingTool when a program is not on PATH */
function run(command: string, args: readonly string[], folder: string): string {
  try {
    const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };
    return execFileSync(command, args, {
      cwd: folder,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new MissingTool(`${command} is not on PATH`);
    throw new Error(`${command}: ${String((error as { stderr?: string }).stderr).slice(0, 1000)}`);
  }
}

/** @throws MissingTool when there is no such file */
function needed(path: string, what: string): string {
  if (!existsSync(path)) throw new MissingTool(what);
  return path;
}

/** The compiler's own library of what Wasm has no instruction for. */
function builtins(): string {
  const folder = needed("/usr/lib/llvm-22/lib/clang/22/lib", "libclang-rt-22-dev-wasm32 is not installed");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const found = files.find((file) => /builtins.*wasm32\.a$/.test(file));
  return needed(join(folder, found ?? "builtins"), "libclang-rt-22-dev-wasm32 is not installed");
}

/** Linked by itself: clang's driver would run a wasm-opt found on PATH. */
function link(folder: string, name: string, inputs: readonly string[], options: readonly string[]): string {
  const libraries = [...inputs, "-lc", builtins()];
  const lto = options.some((option) => option.startsWith("-flto")) ? ["-O2"] : [];
  const fixed = ["--no-entry", "-z", "stack-size=262144", `-L${WASI}`];
  run(LINKER, [...fixed, ...lto, ...libraries, "-o", `${name}.wasm`], folder);
  return join(folder, `${name}.wasm`);
}

const c: Toolchain = {
  extension: "c",
  compiler: process.env["CC"] ?? "clang-22",
  full: ["-DFULL"],
  build(source, name, options) {
    const folder = dirname(source);
    // Overflow and aliasing are to mean the same at every level.
    const fixed = ["--target=wasm32-wasi", "-w", "-fwrapv", "-fno-strict-aliasing"];
    run(this.compiler, [...fixed, ...options, "-c", basename(source), "-o", `${name}.o`], folder);
    return link(folder, name, [`${name}.o`], options);
  },
};

const cpp: Toolchain = {
  extension: "cpp",
  compiler: process.env["CXX"] ?? "clang++-22",
  full: ["-DFULL"],
  build(source, name, options) {
    const folder = dirname(source);
    const fixed = [
      "--target=wasm32-wasi",
      "-std=c++20",
      "-fno-exceptions",
      "-w",
      `-I${join(__dirname, "cpp")}`,
    ];
    run(this.compiler, [...fixed, ...options, "-c", basename(source), "-o", `${name}.o`], folder);
    return link(folder, name, [join(WASI, "crt1-reactor.o"), `${name}.o`, "-lc++", "-lc++abi"], options);
  },
};

const rust: Toolchain = {
  extension: "rs",
  compiler: "/usr/bin/rustc",
  full: ["--cfg", "full"],
  build(source, name, options) {
    const folder = dirname(source);
    const isOptimised = options.some((option) => /opt-level=[^0]|^-O$/.test(option));
    const library = join(CACHE, `rust-library-${isOptimised ? "release" : "debug"}`);
    needed(library, `${library} is not there: bench/hunt/rust/library.sh builds it`);
    const codegen = [
      "panic=abort",
      "debuginfo=2",
      "linker=/usr/lib/llvm-22/bin/wasm-ld",
      "link-self-contained=no",
      `link-arg=-L${WASI}`,
      "link-arg=-lc",
      "link-arg=--allow-undefined",
      "link-arg=-zstack-size=262144",
    ].flatMap((option) => ["-C", option]);
    const fixed = ["--edition=2021", "--target=wasm32-wasip1", `--sysroot=${library}`, "-A", "warnings"];
    const crate = ["--crate-type=cdylib", "--crate-name=app", ...options];
    run(this.compiler, [...fixed, ...codegen, ...crate, basename(source), "-o", `${name}.wasm`], folder);
    return join(folder, `${name}.wasm`);
  },
};

export const toolchains: Readonly<Record<Language, Toolchain>> = { c, cpp, rust };
