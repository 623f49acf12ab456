import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

// One CommonJS module, which a mini-program has among its own files, beside the interface in dist. WeChat itself wants phones that know ES2020.
export default defineConfig({
  define: { onefoldVersion: JSON.stringify(version) },
  publicDir: false,
  build: {
    target: "es2020",
    outDir: "dist",
    emptyOutDir: false,
    sourcemap: false,
    copyPublicDir: false,
    lib: { entry: "tracker/mini/onefold_mini.ts", formats: ["cjs"], fileName: () => "onefold-mini.js" },
  },
});
