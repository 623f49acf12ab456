import { texts } from "../../design/language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useNamingText = texts("naming", { en, "zh-CN": zh });
