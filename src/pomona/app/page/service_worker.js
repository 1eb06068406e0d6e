/**
 * Keeps the app on the phone. A version is the list of its files with their SHA-256, so a file that did not change is not
 * fetched again, and files of two versions are never mixed: where a file is another than the list says, the old version
 * stays.
 */
const FILES = JSON.parse("{{files}}");
const VERSION = "{{version}}";

// Other apps may live at the same host.
const PREFIX = `pomona ${self.registration.scope} `;
const CACHE = PREFIX + VERSION;
const HASH = "X-Content-SHA256";

/** What a host of static files cannot be asked to send: isolation, which threads need, and the page's policy for workers. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

const addressOf = (name) => new URL(name, self.registration.scope).href;

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** From an older version of this app, where the file is the same; else undefined. */
async function kept(name, hash) {
  for (const cache of (await caches.keys()).filter((one) => one.startsWith(PREFIX))) {
    const found = await (await caches.open(cache)).match(addressOf(name));
    if (found?.headers.get(HASH) === hash) return found;
  }
  return undefined;
}

/** From the host; what lies in the browser's own cache is taken if it is the right one. */
async function fetched(name, { sha256: hash, type }) {
  for (const cache of ["default", "reload"]) {
    const response = await fetch(addressOf(name === "index.html" ? "./" : name), { cache });
    const bytes = await response.arrayBuffer();
    if (response.ok && (await sha256(bytes)) === hash) {
      return new Response(bytes, { headers: { ...HEADERS, "Content-Type": type, [HASH]: hash } });
    }
  }
  throw new Error(`${name} is not of this version`);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(Object.entries(FILES).map(async ([name, file]) => {
      await cache.put(addressOf(name), (await kept(name, file.sha256)) ?? (await fetched(name, file)));
    }));
  })().catch(async (error) => {
    await caches.delete(CACHE);
    throw error;
  }));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const cache of await caches.keys()) if (cache.startsWith(PREFIX) && cache !== CACHE) await caches.delete(cache);
  })());
});

self.addEventListener("message", ({ data }) => {
  if (data === "use it") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  const path = new URL(request.url).pathname.slice(new URL(self.registration.scope).pathname.length);
  const name = path === "" ? "index.html" : decodeURIComponent(path);
  if (!Object.hasOwn(FILES, name)) return;
  event.respondWith((async () => (await (await caches.open(CACHE)).match(addressOf(name))) ?? fetch(request))());
});
