// The one place of colours; antd and our own CSS both read it.

export interface Palette {
  page: string;
  card: string;
  raised: string;
  line: string;
  lineStrong: string;
  text: string;
  textSoft: string;
  textFaint: string;
  hover: string;
  accent: string;
  accentText: string;
  accentSoft: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
}

export const light: Palette = {
  page: "#f4f5f7",
  card: "#ffffff",
  raised: "#ffffff",
  line: "#e9ebef",
  lineStrong: "#d5d9e0",
  text: "#14181f",
  textSoft: "#535c6b",
  textFaint: "#667080",
  hover: "#f3f5f9",
  accent: "#1f5eff",
  accentText: "#1a53e6",
  accentSoft: "#eaf0ff",
  good: "#187a36",
  goodSoft: "#e6f6ea",
  warn: "#8f5a00",
  warnSoft: "#fff4dc",
  bad: "#c4281c",
  badSoft: "#fdebe9",
};

export const dark: Palette = {
  page: "#0e1014",
  card: "#16191f",
  raised: "#1d2129",
  line: "#262b34",
  lineStrong: "#3a414d",
  text: "#e9ecf1",
  textSoft: "#abb3c0",
  textFaint: "#8a93a2",
  hover: "#1f242d",
  accent: "#2c67fb",
  accentText: "#86a9ff",
  accentSoft: "#182646",
  good: "#6fd08c",
  goodSoft: "#12301d",
  warn: "#f0bd5c",
  warnSoft: "#362910",
  bad: "#ff8a7d",
  badSoft: "#3d1a17",
};

export const radius = 6;
export const fontFamily = "var(--font)"; // base.css, by language

// Ten faces' colours, dark enough for white letters.
const faces = ["#1f5eff", "#0f766e", "#b45309", "#7c3aed", "#be123c", "#15803d", "#0369a1", "#a21caf", "#4d7c0f", "#5b5bd6"];
export function faceColour(seed: string): string {
  let sum = 0;
  for (const character of seed) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return faces[sum % faces.length]!;
}

const dashed = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
export function applyPalette(mode: "light" | "dark", root: HTMLElement = document.documentElement): void {
  root.dataset.theme = mode;
  root.style.colorScheme = mode;
  for (const [name, value] of Object.entries(mode === "dark" ? dark : light)) root.style.setProperty(dashed(name), value);
}
