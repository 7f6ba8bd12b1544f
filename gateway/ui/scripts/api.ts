// Requests to the API, with every answer as something the page can act on.
import { find, meta } from "./page";

export type Answer<T> =
  | { kind: "done"; result: T }
  | { kind: "refused"; fields: Record<string, unknown>; slug: string }
  | { kind: "stale" }
  /** The session is over; signing in again leads on. */
  | { kind: "signed_out" }
  /** Somebody else has signed in in this browser. */
  | { kind: "another" }
  /** It is no draft of this person's any more: submitted, deleted, handed over. `slug` says why. */
  | { kind: "closed"; slug: string }
  | { kind: "away"; seconds: number }
  | { kind: "offline" };

export interface Options {
  body?: unknown;
  key?: string;
  version?: number | null;
  signal?: AbortSignal;
  /** The page may be going away: the browser finishes the request by itself. */
  leaving?: boolean;
}

const DEADLINE_MS = 20_000;
const KEEPALIVE_LIMIT = 60_000;

/** One request to `/api/v1` + `path`. */
export async function api<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const first = await attempt<T>(method, path, options);
  if (first !== "csrf") return first;
  // Signed in again in another window: this page's token is of the session before.
  const renewed = await renew();
  if (renewed) return renewed;
  const second = await attempt<T>(method, path, options);
  return second === "csrf" ? { kind: "signed_out" } : second;
}

async function attempt<T>(method: string, path: string, options: Options): Promise<Answer<T> | "csrf"> {
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": meta("csrf-token") };
  if (body !== null) headers["Content-Type"] = "application/json";
  if (options.key) headers["Idempotency-Key"] = options.key;
  if (options.version !== null && options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const keepalive = Boolean(options.leaving && body && body.length < KEEPALIVE_LIMIT);
  try {
    const signal = options.signal ?? deadline;
    const response = await fetch(`/api/v1${path}`, { method, headers, body, signal, keepalive });
    return await told<T>(response);
  } catch {
    return { kind: "offline" };
  }
}

/** What an answer of the API means. */
async function told<T>(response: {
  status: number;
  json(): Promise<unknown>;
  headers: Headers;
}): Promise<Answer<T> | "csrf"> {
  const { status } = response;
  const content = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  return meaning<T>(status, content, Number(response.headers.get("Retry-After")));
}

/** What a status and its content mean. */
export function meaning<T>(status: number, content: Record<string, unknown> | null, after = 0): Answer<T> | "csrf" {
  if (status < 300) return { kind: "done", result: content as T };
  const slug =
    String(content?.["type"] ?? "")
      .split(":")
      .at(-1) ?? "";
  if (status === 401) return { kind: "signed_out" };
  if (status === 403 && slug === "csrf") return "csrf";
  if (status === 412) return { kind: "stale" };
  if (status === 403 || status === 404 || status === 409) return { kind: "closed", slug };
  if (status === 400 || status === 413 || status === 422) {
    return { kind: "refused", fields: (content?.["fields"] ?? {}) as Record<string, unknown>, slug };
  }
  return { kind: "away", seconds: after || 5 };
}

interface Session {
  person: string;
  csrf_token: string;
}

/** Takes the token of the session of now; an answer only where there is none to go on with. */
export async function renew(): Promise<Answer<never> | null> {
  try {
    const response = await fetch("/session", { redirect: "manual", headers: { Accept: "application/json" } });
    if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed_out" };
    if (!response.ok) return { kind: "away", seconds: 5 };
    const session = (await response.json()) as Session;
    if (session.person !== meta("person")) return { kind: "another" };
    find<HTMLMetaElement>('meta[name="csrf-token"]')?.setAttribute("content", session.csrf_token);
    return null;
  } catch {
    return { kind: "offline" };
  }
}
