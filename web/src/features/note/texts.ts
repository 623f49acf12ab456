import { texts } from "../../design/language";
import en from "./texts.en.json";
import zh from "./texts.zh-CN.json";

export const useNoteText = texts("note", { en, "zh-CN": zh });
