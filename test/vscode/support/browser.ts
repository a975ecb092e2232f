/** The Chromium of the machine, which shows the workbench. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws Error when there is none */
export function browserPath(): string {
  const path = process.env["CHROMIUM"] ?? places.find((place) => existsSync(place));
  if (path === undefined) {
    throw new Error(
      "The tests in a real VS Code need Chromium: apt-get install chromium fonts-dejavu-core, or set CHROMIUM to its path.",
    );
  }
  return path;
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
    ],
  });
}
