import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

// One file that any page can load, for browsers back to 2018, beside the interface in dist.
export default defineConfig({
  define: { onefoldVersion: JSON.stringify(version) },
  publicDir: false,
  build: {
    target: "es2018",
    outDir: "dist",
    emptyOutDir: false,
    sourcemap: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: "tracker/onefold.ts",
      output: { format: "iife", entryFileNames: "onefold.js" },
    },
  },
});
