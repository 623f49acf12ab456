import { texts } from "../../design/language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useSavedListText = texts("saved_list", { en, "zh-CN": zh });
