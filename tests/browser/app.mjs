/** An app that `pomona app` wrote, behind a host of static files, in a Chromium with a camera that shows a picture. */
import { spawnSync } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { root } from "./browser.mjs";

export const drawn = path.join(process.env.POMONA_PAGES ?? path.join(root, "build/browser"), "drawn");
/** A machine that does much else takes its time: no test is about time. */
const PATIENCE = 180_000;

export const appFolder = path.join(drawn, "app");

/** A picture of the drawn set. */
export function image(label, index = 0) {
  const folder = path.join(drawn, "images/Test", label);
  return path.join(folder, readdirSync(folder).sort()[index]);
}

/** Runs the built program; its stdout. */
export function pomona(...parameters) {
  const { status, stdout, stderr } = spawnSync(path.join(root, "build/release/pomona"), parameters, {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`pomona ${parameters.join(" ")}: ${status}\n${stderr}`);
  return stdout;
}

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".txt": "text/plain",
};

/**
 * Serves a folder as simple hosts do, without any header but the type; `t` ends it. `asked` has the path of each request,
 * and `folder` may be changed to another one.
 */
export async function host(t, folder) {
  const it = { folder, asked: [] };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://host").pathname);
    it.asked.push(name);
    const file = path.join(it.folder, name.endsWith("/") ? `${name}index.html` : name);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  it.address = `http://127.0.0.1:${server.address().port}/`;
  return it;
}

/** Chromium's fake camera shows `picture`, a JPEG, which may be of any size. */
function cameraOf(picture, folder) {
  const file = path.join(folder, "camera.mjpeg");
  writeFileSync(file, readFileSync(picture));
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

/**
 * A browser of its own, with a new profile; `t` closes it. `complaints` has what its pages complain of, `strangers` each
 * address that they ask for which is not of the app's host.
 */
export async function phone(t, { camera = image("Lemon"), address, ...options } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), "pomona-phone-"));
  const context = await chromium.launchPersistentContext(path.join(folder, "profile"), {
    executablePath: process.env.POMONA_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      ...cameraOf(camera, folder),
    ],
    viewport: { width: 390, height: 844 },
    locale: "en-GB",
    reducedMotion: "reduce",
    permissions: ["camera"],
    ...options,
  });
  t.after(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  context.setDefaultTimeout(PATIENCE);
  const page = context.pages()[0];
  page.complaints = [];
  page.strangers = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  context.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(blob|data):/.test(request.url())) page.strangers.push(request.url());
  });
  return { context, page };
}

/** The app on a phone, once the network is ready. */
export async function openApp(t, options = {}) {
  const site = options.site ?? (await host(t, appFolder));
  const { context, page } = await phone(t, { address: site.address, ...options });
  await page.goto(site.address);
  await isReady(page);
  return { site, context, page };
}

export async function isReady(page) {
  await page.locator("html[data-threads], html[data-failed]").waitFor({ state: "attached", timeout: PATIENCE });
  if (await page.locator("html[data-failed]").count())
    throw new Error(`the network is not loaded: ${page.complaints.join("; ")}`);
}

/** Waits until the app is kept, so that it needs no network. */
export const isKept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => null));

/** Gives the page a photo, a path or {name, mimeType, buffer}, and waits for its answer. */
export async function give(page, photo) {
  await page.goto(`${page.url().split("#")[0]}#`);
  await page.locator("#view-camera").waitFor();
  await page.setInputFiles("#file", photo);
  await page.waitForURL(/#answer\//);
  await page.locator("#view-answer .sureness, #view-answer .lead").first().waitFor();
}
