// Writes /sw.js: script/worker.js with the names of the files that the shell and a customer's page are made of.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const starts = [/\/src\/app\/MePage\.tsx$/, /\/src\/features\/customer\/CustomerPage\.tsx$/];

function filesOf(bundle) {
  const files = new Set();
  const visit = (name) => {
    const chunk = bundle[name];
    if (files.has(name) || chunk?.type !== "chunk") return;
    files.add(name);
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css);
    chunk.imports.forEach(visit);
  };
  for (const chunk of Object.values(bundle)) if (chunk.type === "chunk" && (chunk.isEntry || starts.some((start) => start.test(chunk.facadeModuleId ?? "")))) visit(chunk.fileName);
  return [...files].toSorted().map((name) => `/${name}`);
}

export const offline = () => ({
  name: "offline",
  apply: "build",
  enforce: "post",
  generateBundle(_options, bundle) {
    const files = ["/", ...filesOf(bundle)];
    const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
    const worker = readFileSync(new URL("worker.js", import.meta.url), "utf8");
    this.emitFile({ type: "asset", fileName: "sw.js", source: worker.replace("VERSION", version).replace('"FILES"', files.map((file) => JSON.stringify(file)).join(", ")) });
  },
});
