import { expect, test } from "vitest";
import type { Fetch } from "../../api/types";
import { bodyOf, isSetUp, placeOf, wishOf } from "./wish";

const fresh = {
  place: "folder", folder: "", url: "", ca_certificates: "", host: "", login: "", port: 22, pattern: "*", every_minutes: 60, daily_at: null, steady_s: 30, size_mb_max: 1024,
  is_on: false, host_key: "", host_key_offered: "", has_password: false, has_private_key: false, version: 1, is_looking: false, roots: ["/data/inbox"], own_folder: "/data/inbox/3",
} as unknown as Fetch;

test("what nobody set up is proposed as a folder below the first root, every hour", () => {
  expect(isSetUp(fresh)).toBe(false);
  expect(wishOf(fresh)).toMatchObject({ place: "folder", folder: "/data/inbox/3", rhythm: "hours", every: 1 });
  expect(bodyOf(wishOf(fresh))).toEqual({ place: "folder", folder: "/data/inbox/3", pattern: "*", steady_s: 30, daily_at: "", every_minutes: 60, size_mb_max: 1024, is_on: true });
});

test("minutes, hours and a time of day are three ways to say when", () => {
  expect(wishOf({ ...fresh, every_minutes: 15 })).toMatchObject({ rhythm: "minutes", every: 15 });
  expect(wishOf({ ...fresh, every_minutes: 180 })).toMatchObject({ rhythm: "hours", every: 3 });
  const daily = wishOf({ ...fresh, daily_at: "06:30" });
  expect(daily.rhythm).toBe("daily");
  expect(bodyOf(daily)).toMatchObject({ daily_at: "06:30" });
  expect(bodyOf(daily)).not.toHaveProperty("every_minutes");
});

test("a secret that nobody typed is left out, so that it stays; the other way of signing in is taken away", () => {
  const sftp = { ...wishOf(fresh), place: "sftp" as const, host: "files.example.com", login: "onefold", remote_folder: "out" };
  expect(bodyOf(sftp)).toMatchObject({ folder: "out" });
  expect(bodyOf(sftp)).not.toHaveProperty("password");
  expect(bodyOf({ ...sftp, password: "p" })).toMatchObject({ password: "p", private_key: "", passphrase: "" });
  expect(bodyOf({ ...sftp, sign_in: "private_key", private_key: "k" })).toMatchObject({ private_key: "k", password: "" });
  expect(bodyOf({ ...sftp, sign_in: "private_key" })).not.toHaveProperty("private_key");
});

test("a place is told in one line", () => {
  expect(placeOf({ ...fresh, folder: "/data/inbox/3" })).toBe("/data/inbox/3");
  expect(placeOf({ ...fresh, place: "sftp", host: "h", login: "u", folder: "/out", port: 2022 })).toBe("sftp://u@h:2022/out");
  expect(placeOf({ ...fresh, place: "sftp", host: "h", login: "u", folder: "out" })).toBe("sftp://u@h/~/out");
});
