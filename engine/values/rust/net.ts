/** Addresses of the internet as they are written: `127.0.0.1`, `2001:db8::1`, `[::1]:443`. */
import { Missing } from "../../dwarf/missing";
import { unavailable, type View, type World } from "../presentation";
import { member, numberOf, type Part, wholePart } from "./layout";
import { libraryPath } from "./library";

export const netView: View = (type, storage, world) => {
  const name = /^(?:core|std)::net::(?:\w+::)*(\w+)$/.exec(libraryPath(type) ?? "")?.[1];
  const write = name === undefined ? undefined : WRITERS[name];
  const text = write?.(wholePart(type, storage), world);
  if (text === undefined || text instanceof Missing) return text && unavailable(text);
  return { summary: () => text };
};

type Written = string | Missing | undefined;

const WRITERS: Readonly<Record<string, (whole: Part, world: World) => Written>> = {
  Ipv4Addr: (whole, world) => fromOctets(whole, world, 4, (octets) => octets.join(".")),
  Ipv6Addr: (whole, world) => fromOctets(whole, world, 16, groupsText),
  SocketAddrV4: (whole, world) => withPort(whole, world, "Ipv4Addr", (ip) => ip),
  SocketAddrV6: (whole, world) => {
    const scope = member(whole, world, "scope_id");
    const zone = scope && numberOf(scope);
    if (zone instanceof Missing) return zone;
    return withPort(whole, world, "Ipv6Addr", (ip) => `[${ip}${zone ? `%${zone}` : ""}]`);
  },
};

function fromOctets(whole: Part, world: World, count: number, text: (octets: Uint8Array) => string): Written {
  const octets = member(whole, world, "octets");
  if (octets?.type.size !== count) return undefined;
  const bytes = octets.storage.read(count);
  return bytes instanceof Missing ? bytes : text(bytes);
}

function withPort(whole: Part, world: World, kind: string, text: (ip: string) => string): Written {
  const ip = member(whole, world, "ip");
  const at = member(whole, world, "port");
  const written = ip && WRITERS[kind]!(ip, world);
  const port = at && numberOf(at);
  if (written === undefined || written instanceof Missing) return written;
  return port === undefined || port instanceof Missing ? port : `${text(written)}:${port}`;
}

/** RFC 5952: lower case, the first of the longest runs of zeros as `::`, an IPv4 address at the end as one. */
function groupsText(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return `::ffff:${octets.subarray(12).join(".")}`;
  let run = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > run.length) run = { start, length };
  }
  const hex = (from: number, to?: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return run.length < 2 ? hex(0) : `${hex(0, run.start)}::${hex(run.start + run.length)}`;
}
