import { describe, expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatInstant, formatMoney, formatNumber, formatShort, formatShortMoney, formatValue } from "./format";

describe("money", () => {
  test("has the currency's sign and places", () => {
    expect(formatMoney("1234.5", "CNY", "zh-CN")).toBe("¥1,234.50");
    expect(formatMoney("1234.5", "GBP", "en")).toBe("£1,234.50");
    expect(formatMoney("1234", "JPY", "en")).toBe("¥1,234");
    expect(formatMoney("-12.3", "USD", "en")).toBe("-$12.30");
  });
  test("shows more places where the amount really has them, and no trailing zeros of a wide column", () => {
    expect(formatMoney("0.001", "GBP", "en")).toBe("£0.001");
    expect(formatMoney("9747747.934000", "GBP", "en")).toBe("£9,747,747.934");
    expect(formatMoney("2.550000", "GBP", "en")).toBe("£2.55");
  });
  test("keeps every digit of an amount that no float can hold", () => {
    expect(formatMoney("12345678901234567890.12", "CNY", "en")).toBe("¥12,345,678,901,234,567,890.12");
  });
  test("shows an unknown currency as it came", () => {
    expect(formatMoney("5", "points", "en")).toBe("5 points");
    expect(formatMoney("5", "", "en")).toBe("5");
  });
  test("is short only where it is large", () => {
    expect(formatShortMoney("5340200", "CNY", "zh-CN")).toBe("¥534.02万");
    expect(formatShortMoney("9747747.934", "GBP", "en")).toBe("£9.75M");
    expect(formatShortMoney("950.5", "GBP", "en")).toBe("£950.50");
  });
});

test("numbers are grouped, and short by language", () => {
  expect(formatNumber(25900, "en")).toBe("25,900");
  expect(formatNumber("12.50", "zh-CN")).toBe("12.5");
  expect(formatShort(1284630, "zh-CN")).toBe("128.46万");
  expect(formatShort(1284630, "en")).toBe("1.28M");
});

describe("time", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  test("is told as a distance", () => {
    expect(formatAgo("2026-11-22T11:57:00Z", "zh-CN", now)).toBe("3分钟前");
    expect(formatAgo("2026-11-22T11:57:00Z", "en", now)).toBe("3 minutes ago");
    expect(formatAgo("2026-11-21T11:00:00Z", "zh-CN", now)).toBe("昨天");
    expect(formatAgo("2026-11-12T12:00:00Z", "en", now)).toBe("10 days ago");
    expect(formatAgo("2025-11-01T12:00:00Z", "en", now)).toBe("1 year ago");
  });
  test("follows the company's zone", () => {
    expect(formatInstant("2011-12-09T23:30:00Z", "en", "UTC")).toBe("Dec 9, 2011, 23:30");
    expect(formatInstant("2011-12-09T23:30:00Z", "en", "Asia/Shanghai")).toBe("Dec 10, 2011, 07:30");
    expect(formatInstant("2011-12-09T23:30:00Z", "zh-CN", "Asia/Shanghai", "day")).toBe("2011年12月10日");
  });
  test("stays what it was where it cannot be read, and survives an unknown zone", () => {
    expect(formatInstant("yesterday", "en", "UTC")).toBe("yesterday");
    expect(formatInstant("2011-12-09T23:30:00Z", "en", "Mars/Base")).toBe("Dec 9, 2011, 23:30");
  });
});

test("a duration has its two largest units", () => {
  expect([300, 42_000, 185_400, 3_600_000, 7_510_000].map((ms) => formatDuration(ms, "en"))).toEqual(["< 1 sec", "42 sec", "3 min 5 sec", "1 hr", "2 hr 5 min"]);
  expect(formatDuration(185_400, "zh-CN")).toBe("3分钟 5秒");
});

test("a size has the unit that suits it", () => {
  expect([0, 1, 999, 1200, 652_000, 1_234_567_890].map((bytes) => formatBytes(bytes, "en"))).toEqual(["0 bytes", "1 byte", "999 bytes", "1.2 kB", "652 kB", "1.2 GB"]);
  expect(formatBytes(1_234_567_890, "zh-CN")).toMatch(/^1\.2\s?(GB|吉字节)$/);
});

test("a value of any shape is readable", () => {
  expect(formatValue(null, "en", "UTC")).toBe("");
  expect(formatValue("1992-05-18", "zh-CN", "UTC")).toBe("1992年5月18日");
  expect(formatValue("2011-12-09T08:00:00Z", "en", "UTC")).toBe("Dec 9, 2011, 08:00");
  expect(formatValue(["a", 1], "zh-CN", "UTC")).toBe("a、1");
  expect(formatValue({ a: 1 }, "en", "UTC")).toBe('{"a":1}');
  expect(formatValue(17850, "en", "UTC")).toBe("17850");
});
