/**
 * A linear memory as a picture: a bar from the first address to the last with stack, data and heap, and below it
 * which parts the dump holds. Small regions are drawn wide enough to be seen, and what follows them further on; the
 * legend has the true sizes.
 */
import type { MemoryMap, Region, RegionKind } from "../postmortem/memory-map";
import { type Html, html } from "./html";

const WIDTH = 800;
const BAR = 34;
const STRIP = 8;
const GAP = 4;
/** Narrower than this, in units of the picture, nobody sees a region. */
const NARROWEST = 6;
/** Ranges of a dump that are drawn one by one. */
const MOST_RANGES = 2000;

const NAMES: Readonly<Record<RegionKind, string>> = { stack: "stack", data: "data", heap: "heap" };

export function memoryPicture(map: MemoryMap): Html {
  const at = placesOf(map);
  const bar = map.regions.map((region) => regionShape(region, at));
  const strip = map.recorded
    .slice(0, MOST_RANGES)
    .map(
      ({ start, end }) =>
        html`<rect class="recorded" x="${round(at(start))}" y="${BAR + GAP}" width="${round(Math.max(1, at(end) - at(start)))}" height="${STRIP}"></rect>`,
    );
  return html`<svg class="memory" viewBox="0 0 ${WIDTH} ${BAR + GAP + STRIP}" role="img" aria-label="${describe(map)}" preserveAspectRatio="none">
<rect class="whole" x="0" y="0" width="${WIDTH}" height="${BAR}"></rect>${bar}
<rect class="${map.gapsAreZero ? "zero" : "absent"}" x="0" y="${BAR + GAP}" width="${WIDTH}" height="${STRIP}"></rect>${strip}
</svg>`;
}

/**
 * Where an address is drawn. Every region has its narrowest width, and all that is left is shared out by size: so
 * regions keep their order beside each other, whatever their sizes.
 */
function placesOf({ size, regions }: MemoryMap): (address: number) => number {
  const scale = Math.max(0, WIDTH - NARROWEST * regions.length) / Math.max(1, size);
  return (address) => {
    const widened = regions.reduce((sum, { start, end }) => sum + part(address, start, end), 0);
    return address * scale + NARROWEST * widened;
  };
}

/** How much of a range lies in front of an address: 0 to 1. */
const part = (address: number, start: number, end: number): number =>
  Math.min(1, Math.max(0, (address - start) / (end - start)));

function regionShape({ kind, name, start, end, used }: Region, at: (address: number) => number): Html {
  const x = at(start);
  const width = at(end) - x;
  const title = `${name}: ${hex(start)} to ${hex(end)}, ${size(end - start)}`;
  const inUse =
    used === undefined
      ? undefined
      : html`<rect class="used" x="${round(Math.min(at(used), x + width - 1))}" y="0" width="${round(Math.max(1, x + width - at(used)))}" height="${BAR}"></rect>`;
  return html`<g class="${kind}"><title>${title}</title><rect x="${round(x)}" y="0" width="${round(width)}" height="${BAR}"></rect>${inUse}</g>`;
}

/** The regions with their sizes, as a table. */
export function memoryLegend(map: MemoryMap): Html {
  const recorded = map.recorded.reduce((sum, { start, end }) => sum + end - start, 0);
  const rows = map.regions.map(
    ({ kind, name, start, end, used }) =>
      html`<tr><td><span class="swatch ${kind}"></span>${name}</td><td class="number">${hex(start)} – ${hex(end)}</td><td class="number">${size(end - start)}</td><td>${used === undefined ? "" : `${size(end - used)} in use`}</td></tr>`,
  );
  const rest = map.gapsAreZero ? "the rest was zero" : "the rest is not in the dump";
  return html`<table class="regions"><tbody>${rows}</tbody></table>
<p>${size(map.size)} in all; the dump holds ${size(recorded)}${recorded === map.size ? "" : `, ${rest}`}.</p>`;
}

function describe(map: MemoryMap): string {
  const regions = map.regions.map(
    ({ name, kind, start, end }) => `${name === kind ? NAMES[kind] : name} ${size(end - start)}`,
  );
  return `Memory of ${size(map.size)}: ${regions.join(", ") || "nothing is known of its parts"}`;
}

const round = (value: number): string => value.toFixed(2);
const hex = (value: number): string => `0x${value.toString(16)}`;

/** Bytes in the unit that reads best. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB"];
  let value = bytes / 1024;
  let unit = 0;
  // What would be rounded to 1024 is one of the next unit.
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}
