import { expect, test, vi } from "vitest";
import { listenTo } from "./around";
import { carriedBy, headerOf } from "./carrier";
import { keptBy } from "./kept";
import { miniOptionsOf } from "./options";
import { surroundingsOf } from "./surroundings";
import type { Request, Wx } from "./wx";

function phone(more: Partial<Wx> = {}): Wx & { stored: Map<string, string> } {
  const stored = new Map<string, string>();
  return {
    stored,
    getStorageSync: (name) => stored.get(name) ?? "",
    setStorageSync: (name, value) => void stored.set(name, value),
    removeStorageSync: (name) => void stored.delete(name),
    getStorageInfoSync: () => ({ keys: [...stored.keys()] }),
    request: () => undefined,
    ...more,
  };
}

const refuse = () => {
  throw new Error("refused");
};

test("what is kept is there in the next run, under names of our own", () => {
  const wx = phone();
  wx.stored.set("theirs", "1");
  const kept = keptBy(wx);
  expect([kept.set("q.2", "b"), kept.set("q.1", "a"), kept.get("theirs")]).toEqual([true, true, null]);
  expect([...wx.stored.keys()]).toEqual(["theirs", "onefold_q.2", "onefold_q.1"]);
  const next = keptBy(wx);
  expect(next.names("q.")).toEqual(["q.1", "q.2"]);
  expect([next.get("q.1"), next.get("none")]).toEqual(["a", null]);
  next.remove("q.1");
  expect(keptBy(wx).names("q.")).toEqual(["q.2"]);
});

test("where storage is full or refused, this run's memory holds it", () => {
  const kept = keptBy(phone({ setStorageSync: refuse, getStorageInfoSync: refuse, removeStorageSync: refuse }));
  expect([kept.set("a", "1"), kept.get("a"), kept.names("")]).toEqual([false, "1", ["a"]]);
  kept.remove("a");
  expect(kept.get("a")).toBeNull();
});

test("a request tells its status and when to come again, however the header is written; silence and refusal are status 0", async () => {
  const asked: Request[] = [];
  const answering = (answer: (one: Request) => void) => carriedBy(phone({ request: (one) => (asked.push(one), answer(one)) }));
  const busy = answering((one) => one.success({ statusCode: 429, data: "", header: { "retry-After": 7 } }));
  expect(await busy.post("https://h/v1/batch", "{}")).toEqual({ status: 429, retryAfter: "7" });
  expect(asked[0]).toMatchObject({ url: "https://h/v1/batch", method: "POST", data: "{}", header: { "content-type": "application/json" } });
  const offline = answering((one) => one.fail());
  expect(await offline.post("https://h", "")).toEqual({ status: 0, retryAfter: null });
  const broken = answering(() => {
    throw new Error("request is no function");
  });
  expect((await broken.get("https://h")).status).toBe(0);
  expect(await answering((one) => one.success({ statusCode: 200, data: "<html>" })).get("https://h")).toMatchObject({ status: 0 });
  vi.useFakeTimers();
  const asleep = answering(() => undefined).post("https://h", "");
  vi.advanceTimersByTime(60_000);
  expect((await asleep).status).toBe(0);
  vi.useRealTimers();
  expect(headerOf(undefined, "retry-after")).toBeNull();
});

test("an app's functions are called and answer as they were; what listens may fail", () => {
  const heard: unknown[] = [];
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const definition: Record<string, unknown> = {
    data: { n: 1 },
    buy(this: unknown, ...words: unknown[]) {
      return [this, ...words];
    },
    onLoad: () => "loaded",
  };
  const always = { onLoad: () => Promise.reject, onShow: (_: object, words: unknown[]) => heard.push(words) };
  listenTo(definition, always, () => refuse);
  listenTo(definition, always, () => refuse); // an object that is given to two pages is listened to once
  const { buy, onLoad, onShow } = definition as Record<string, (...words: unknown[]) => unknown>;
  const page = {};
  expect(buy!.call(page, 1, 2)).toEqual([page, 1, 2]);
  expect(onLoad!()).toBe("loaded");
  expect(onShow!("x")).toBeUndefined();
  expect(heard).toEqual([["x"]]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(definition.data).toEqual({ n: 1 });
  warn.mockRestore();
});

test("an app whose function throws hears of it", () => {
  const definition: Record<string, unknown> = {
    buy() {
      throw new Error("theirs");
    },
  };
  listenTo(definition, {}, () => () => undefined);
  expect(definition.buy).toThrow("theirs");
});

test("what the phone says of itself, by new calls or the old one, or nothing", () => {
  const account = { getAccountInfoSync: () => ({ miniProgram: { appId: "wx1", version: "", envVersion: "trial" } }) };
  const old = { getSystemInfoSync: () => ({ brand: "Apple", model: "iPhone 15", system: "iOS 17.0.1", platform: "ios", language: "zh_CN", screenWidth: 390, screenHeight: 844, pixelRatio: 3 }) };
  expect(surroundingsOf(phone({ ...account, ...old }), "1")).toMatchObject({
    library: { name: "onefold-mini.js", version: "1" },
    app: { namespace: "wx1", build: "trial" },
    device: { manufacturer: "Apple", model: "iPhone 15", type: "ios" },
    os: { name: "iOS", version: "17.0.1" },
    locale: "zh-CN",
    screen: { width: 390, height: 844, density: 3 },
  });
  const fresh = { getDeviceInfo: () => ({ system: "HarmonyOS" }), getWindowInfo: () => ({ screenWidth: 1 }), getAppBaseInfo: () => ({ language: "en" }) };
  expect(surroundingsOf(phone({ ...old, ...fresh }), "1")).toMatchObject({ os: { name: "HarmonyOS" }, locale: "en", screen: { width: 1 } });
  const unknown = JSON.parse(JSON.stringify({ ...surroundingsOf(phone(), "1"), timezone: undefined })) as object;
  expect(unknown).toEqual({ library: { name: "onefold-mini.js", version: "1" }, app: {}, device: {}, os: {}, screen: {} });
});

test("start wants a host and a key", () => {
  expect(miniOptionsOf({ host: "https://cdp.example/x/", key: "k" })).toEqual({ host: "https://cdp.example/x", key: "k", consent: "ask", hasPages: true, titles: {} });
  expect(miniOptionsOf({ host: "https://h", key: "k", consent: "required", pages: "off", titles: { a: "A" } })).toMatchObject({ consent: "required", hasPages: false, titles: { a: "A" } });
  for (const said of [undefined, {}, { key: "k" }, { host: "https://h" }, { host: "cdp.example", key: "k" }, { host: "https://", key: "k" }]) expect(miniOptionsOf(said)).toBeNull();
});
