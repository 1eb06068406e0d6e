/** A real Chromium for tests, which opens pages from disk and notes what they say and ask for. */
import { spawnSync } from "node:child_process";
import { after, before } from "node:test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const root = path.resolve(import.meta.dirname, "../..");
const pages = process.env.POMONA_PAGES ?? path.join(root, "build/browser");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function pagePath(name) {
  return path.join(pages, `${name}.html`);
}

/** Chromium as it draws without a GPU. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.POMONA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}

let browser;

/** Starts the browser before the tests of a file, and ends it after them. */
export function withBrowser() {
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
}

/**
 * Opens a page; `t` closes it. What it complains of is in `complaints`, and each address that it asks for which is
 * neither its own nor a picture on disk in `requests`.
 */
export async function open(t, name, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  t.after(() => context.close());
  const page = await context.newPage();
  page.complaints = [];
  page.requests = [];
  page.on("console", (message) => page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|blob|data):/.test(request.url())) page.requests.push(request.url());
  });
  await page.goto(pathToFileURL(pagePath(name)).href);
  return page;
}

/** What the rules of WCAG 2.2 and good practice find wrong, one line each. */
export async function accessibilityFaults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`),
  );
}

/** What the Nu Html Checker finds wrong. It knows the CSS of some years ago only: that is left to the browser. */
export function faultsOf(...files) {
  const jar = path.join(import.meta.dirname, "node_modules/vnu-jar/build/dist/vnu.jar");
  const { stderr, status } = spawnSync("java", ["-Xss4m", "-jar", jar, "--errors-only", ...files], {
    encoding: "utf8",
  });
  const lines = stderr.split("\n").filter((line) => line && !line.includes("error: CSS:"));
  return status === 0 || stderr.includes("error: CSS:") ? lines : [...lines, `the checker ended with ${status}`];
}
