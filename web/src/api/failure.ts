// What can go wrong between a page and the server, told apart by what the reader can do about it.

export type FailureKind =
  | "offline" // no answer came
  | "signed_out"
  | "refused"
  | "missing"
  | "conflict" // somebody else changed it first
  | "invalid" // the request is wrong; `fields` say where
  | "busy" // too many requests, or not ready: later is fine
  | "server"
  | "page"; // our own page broke

export interface FieldFailure {
  path: string;
  code: string;
  message: string;
}

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldFailure[] = [],
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = "Failure";
  }
}

export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return "signed_out";
  if (status === 403) return "refused";
  if (status === 404 || status === 410) return "missing";
  if (status === 409 || status === 412 || status === 428) return "conflict";
  if (status === 408 || status === 429 || status === 503) return "busy";
  if (status >= 400 && status < 500) return "invalid";
  return "server";
}

interface ErrorBody {
  error?: { code?: unknown; message?: unknown; fields?: unknown };
}

export function failureOf(status: number, body: unknown, requestId: string | null): Failure {
  const error = (body as ErrorBody | null)?.error;
  const fields = Array.isArray(error?.fields) ? (error.fields as FieldFailure[]) : [];
  return new Failure(
    kindOfStatus(status),
    status,
    typeof error?.code === "string" ? error.code : `http.${status}`,
    typeof error?.message === "string" ? error.message : "",
    fields,
    requestId,
  );
}

export const asFailure = (thrown: unknown): Failure =>
  thrown instanceof Failure ? thrown : new Failure("page", 0, "page.broken", String((thrown as Error)?.message ?? thrown));

// JSON pointers ("/name"), dotted paths and plain names all name the same input.
export const inputOf = (path: string): string => path.replace(/^[/#]+/, "").replaceAll("/", ".");
