import { texts } from "../../design/language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useFetchText = texts("fetch", { en, "zh-CN": zh });
