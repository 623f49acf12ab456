// Starts the interface without a connection: the files of the shell and of a customer's page, nothing else. Answers of the API never
// pass here; which of them may be read without a connection is src/api/kept.ts.
const version = "VERSION";
const files = ["FILES"];
const prefix = "onefold-shell-";
const drawer = prefix + version;

const dropOthers = (names) => Promise.all(names.filter((name) => name.startsWith(prefix) && name !== drawer).map((name) => caches.delete(name)));

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(drawer).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then(dropOthers).then(() => self.clients.claim()));
});

// A file of /assets never changes under its name.
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(drawer)).put(request, answer.clone());
  return answer;
}

const page = (request) => fetch(request).catch(async (failed) => (await caches.match("/")) ?? Promise.reject(failed));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !/^\/(api|v1)\//.test(pathname)) event.respondWith(page(request));
});
