import { texts } from "./language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useDesignText = texts("design", { en, "zh-CN": zh });
