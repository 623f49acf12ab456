import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { offline } from "./script/offline.mjs";

const server = process.env.ONEFOLD_SERVER ?? "http://127.0.0.1:8080";

// The host stays what the browser asked for: the server takes writes only from its own origin.
const target = { target: server, changeOrigin: false };
const proxy = { "/api": target, "/v1": target };

export default defineConfig({
  plugins: [react(), offline()],
  build: {
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "tanstack", test: /node_modules\/@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store)\// },
          ],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy },
  test: {
    environment: "happy-dom",
    include: ["{src,tracker}/**/*.test.{ts,tsx}"],
    setupFiles: ["src/app/test_setup.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
    isolate: false,
  },
});
