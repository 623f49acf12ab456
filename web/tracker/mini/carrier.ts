// Requests by wx.request. WeChat lets them out to hosts that are registered for the mini-program only.
import { type Carrier, type Posted, answerMsMax } from "../carrier";
import type { Answer, Wx } from "./wx";

const gatherMs = 300;

/** Names of headers are written as each phone likes. */
export function headerOf(header: Record<string, unknown> | undefined, name: string): string | null {
  const key = Object.keys(header ?? {}).find((one) => one.toLowerCase() === name);
  return key ? String(header![key]) : null;
}

const silence: Answer = { statusCode: 0, data: null };

export function carriedBy(wx: Wx): Carrier {
  // A program that is put to sleep may never hear its answer.
  const ask = (method: "GET" | "POST", url: string, data?: string): Promise<Answer> =>
    new Promise((done) => {
      const alarm = setTimeout(() => done(silence), answerMsMax + 1_000);
      const end = (answer: Answer) => (clearTimeout(alarm), done(answer));
      const header: Record<string, string> = data === undefined ? {} : { "content-type": "application/json" };
      try {
        wx.request({ url, method, ...(data !== undefined && { data }), header, timeout: answerMsMax, success: end, fail: () => end(silence) });
      } catch {
        end(silence);
      }
    });
  const post = async (address: string, body: string): Promise<Posted> => {
    const { statusCode, header } = await ask("POST", address, body);
    return { status: statusCode, retryAfter: headerOf(header, "retry-after") };
  };
  const leave = (address: string, body: string): boolean => (void post(address, body), true);
  const get = async (address: string) => {
    const { statusCode, data } = await ask("GET", address);
    const isRead = typeof data === "object" && data !== null;
    return { status: statusCode === 200 && !isRead ? 0 : statusCode, body: data };
  };
  return { gatherMs, post, leave, get };
}
