import { texts } from "../../design/language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useFieldUseText = texts("field_use", { en, "zh-CN": zh });
