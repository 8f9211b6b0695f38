/** What outlives a visit: the draft and the history in local storage, and links that carry a text. */

export interface Entry {
  when: number; // milliseconds since 1970
  kind: "check" | "prove" | "solve";
  text: string;
  outcome: string;
  good: boolean;
}

const HISTORY = "mathlm-history";
const DRAFT = "mathlm-draft";
const MOST = 40;

export function entries(): Entry[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(HISTORY) ?? "[]");
    return Array.isArray(found) ? (found as Entry[]).filter((e) => typeof e?.text === "string") : [];
  } catch {
    return []; // storage is switched off, or holds what another version wrote
  }
}

/** Newest first; the same text of the same kind is kept once. */
export function remember(entry: Entry): void {
  const others = entries().filter((e) => e.kind !== entry.kind || e.text !== entry.text);
  store(HISTORY, JSON.stringify([entry, ...others].slice(0, MOST)));
}

export function forget(): void {
  store(HISTORY, "[]");
}

export function draft(): string | null {
  try {
    return localStorage.getItem(DRAFT);
  } catch {
    return null;
  }
}

export function keepDraft(text: string): void {
  store(DRAFT, text);
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // full, or switched off: the page works without it
  }
}

/** The address of this page with the text in its fragment, which is never sent to a server. */
export async function link(kind: "lean" | "ask", text: string): Promise<string> {
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  const base64 = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  const url = new URL(location.href);
  url.hash = `${kind}=${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
  return url.href;
}

/** What a link's fragment carries; null for any other fragment. */
export async function shared(hash: string): Promise<{ kind: "lean" | "ask"; text: string } | null> {
  const found = /^#(lean|ask)=([\w-]+)$/.exec(hash);
  if (found === null) return null;
  try {
    const packed = Uint8Array.from(atob(found[2]!.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream("deflate-raw"));
    return { kind: found[1] as "lean" | "ask", text: new TextDecoder().decode(bytes) };
  } catch {
    return null;
  }
}

const LARGEST = 1_000_000; // bytes: a link that unpacks to more is no theorem

async function through(bytes: Uint8Array<ArrayBuffer>, change: GenericTransformStream): Promise<Uint8Array> {
  const reader = (new Blob([bytes]).stream().pipeThrough(change) as ReadableStream<Uint8Array>).getReader();
  const parts: number[] = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return Uint8Array.from(parts);
    for (const byte of value) parts.push(byte);
    if (parts.length > LARGEST) throw new Error("too long");
  }
}
