/** The server's HTTP interface as the page uses it. Every failure becomes a `Trouble` that says what to do. */

export interface Message {
  severity: "info" | "warning" | "error";
  line: number; // from 1
  column: number; // from 0, in code points
  end_line: number | null;
  end_column: number | null;
  text: string;
}

export interface Theorem {
  name: string;
  status: string;
  reason: string | null;
  axioms: string[];
  statement: string;
  detail: string;
  vacuous: boolean | null;
}

export interface Verdict {
  status: string;
  reason: string | null;
  detail: string;
  seconds: number;
  toolchain: string;
  messages: Message[];
  theorems: Theorem[];
  cached?: boolean;
}

export interface Place {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  goals: string[];
  tactic?: string;
}

export interface Goals {
  messages: Message[];
  sorries: Place[];
  tactics: Place[];
}

export interface Attempt {
  number?: number;
  origin?: string;
  source?: string;
  status?: string;
  reason?: string | null;
  detail?: string;
  seconds?: number;
  program?: string | null;
  output?: string | null;
  answer?: string | null;
}

export interface Proof {
  statement: string;
  proof: string | null;
  status: string;
  reason: string | null;
  axioms: string[];
  origin: string | null;
  attempts: number;
  disproof: string | null;
  detail: string;
  vacuous: boolean | null;
  toolchain: string;
  seconds: number;
}

export interface Solution {
  question: string;
  answer: string | null;
  certificate: "lean" | "python" | "vote" | "none";
  formal_statement: string | null;
  program: string | null;
  second_program?: string | null;
  reasoning: string;
  votes: Record<string, number>;
  proof: string | null;
  seconds: number;
  axioms?: string[];
  toolchain?: string;
  origin?: string | null;
}

/** What went wrong, in words for a person. */
export class Trouble extends Error {
  constructor(
    message: string,
    readonly status = 0,
    /** Seconds after which it may be tried again; null where that does not help. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

const KEY = "mathlm-key";
let onKeyNeeded: (why: string) => void = () => {};

/** Called when the server asks for an API key. */
export function whenKeyNeeded(handler: (why: string) => void): void {
  onKeyNeeded = handler;
}

/** The key is kept until the tab is closed. */
export function setKey(key: string): void {
  sessionStorage.setItem(KEY, key.trim());
}

export async function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  const response = await send(path, body, "application/json", signal);
  return (await response.json()) as T;
}

export interface Event {
  name: string;
  data: unknown;
}

/** The server-sent events of a request, as they arrive; an `error` event is thrown as `Trouble`. */
export async function* stream(path: string, body: object, signal: AbortSignal): AsyncGenerator<Event> {
  const response = await send(path, { ...body, stream: true }, "text/event-stream", signal);
  if (response.body === null) throw new Trouble("The server sent nothing. Try again.");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest = (rest + value).replaceAll("\r\n", "\n");
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const event = read(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event === null) continue;
        if (event.name === "error") throw new Trouble(sentence((event.data as { detail?: unknown }).detail));
        yield event;
      }
    }
  } catch (error) {
    throw error instanceof Trouble || signal.aborted
      ? error
      : new Trouble("The connection broke before the answer was there. Try again.");
  } finally {
    reader.cancel().catch(() => {});
  }
}

function read(block: string): Event | null {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  if (data.length === 0) return null; // a comment that keeps the connection alive
  try {
    return { name, data: JSON.parse(data.join("\n")) as unknown };
  } catch {
    throw new Trouble("The server sent what this page cannot read. Reload the page: it may be older than the server.");
  }
}

async function send(path: string, body: object, accept: string, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { "content-type": "application/json", accept };
  const key = sessionStorage.getItem(KEY);
  if (key) headers["authorization"] = `Bearer ${key}`;
  let response: Response;
  try {
    response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Trouble("The server cannot be reached. See whether it still runs, then try again.", 0, 5);
  }
  if (!response.ok) throw await trouble(response);
  return response;
}

async function trouble(response: Response): Promise<Trouble> {
  const detail = await response
    .json()
    .then((body: { detail?: unknown }) => sentence(body.detail))
    .catch(() => "");
  const after = Number(response.headers.get("retry-after"));
  const wait = Number.isFinite(after) && after > 0 ? Math.ceil(after) : 5;
  switch (response.status) {
    case 401:
    case 403:
      onKeyNeeded(detail);
      return new Trouble("This server asks for an API key: enter it at the top of the page.", response.status);
    case 404:
      return new Trouble(detail !== "" && detail !== "Not Found" ? detail : "This server does not offer that.", 404);
    case 413:
      return new Trouble("The text is too long for this server. Shorten it, or split it.", 413);
    case 422:
    case 400:
      return new Trouble(detail || "The server cannot read this text.", response.status);
    case 429:
      return new Trouble(`The server is busy. It may be asked again in ${wait} s.`, 429, wait);
    case 503:
      return new Trouble(`The server cannot do it now${detail === "" ? "" : ` (${detail})`}. Try again in ${wait} s.`, 503, wait);
    default:
      return new Trouble(detail || `The server failed (HTTP ${response.status}). Try again.`, response.status);
  }
}

/** FastAPI's `detail` is a text, or a list of what is wrong with the fields. */
function sentence(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return "";
  return detail
    .map((item: { msg?: unknown; loc?: unknown[] }) => `${(item.loc ?? []).slice(1).join(".")}: ${String(item.msg)}`)
    .join("; ");
}
