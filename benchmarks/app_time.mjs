/**
 * How fast an app of `pomona app` answers in Chromium, and what it changes that large photos are drawn down first:
 *   node benchmarks/app_time.mjs APP PHOTO...
 * It prints, in milliseconds, the time from opening the page to the first answer, with nothing in the browser's cache; the
 * median of the answers after that; both on one core, as on a first visit, and with threads, as on later ones. Then, of
 * the photos that are larger than what the network is given, how far answers are from those of the whole photo.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { give, host, isKept, isReady, phone } from "../tests/browser/app.mjs";

const [folder, ...photos] = process.argv.slice(2);
const ended = [];
const t = { after: (end) => ended.unshift(end) };

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const lastAnswer = (page) =>
  page.evaluate(async () => (await (await import("./history_store.js")).entries())[0].answer);

async function timed(page, address) {
  const start = performance.now();
  await page.goto(address);
  await page.setInputFiles("#file", photos[0]);
  await page.waitForURL(/#answer\//);
  const first = performance.now() - start;
  const later = [];
  for (const photo of photos) {
    await give(page, photo);
    later.push((await lastAnswer(page)).milliseconds);
  }
  return { first: Math.round(first), next: Math.round(median(later)) };
}

async function answersOf(app) {
  const site = await host(t, app);
  const { page } = await phone(t, { address: site.address, camera: photos[0] });
  await page.goto(site.address);
  await isReady(page);
  const answers = [];
  for (const photo of photos) {
    await give(page, photo);
    answers.push(await lastAnswer(page));
  }
  return answers;
}

try {
  const site = await host(t, folder);
  const { page } = await phone(t, { address: site.address, camera: photos[0] });
  console.log("one core", await timed(page, site.address));
  await isKept(page);
  await page.goto("about:blank");
  console.log(
    "threads, kept",
    await timed(page, site.address),
    await page.locator("html").getAttribute("data-threads"),
  );

  const whole = mkdtempSync(path.join(tmpdir(), "pomona-whole-"));
  t.after(() => rmSync(whole, { recursive: true }));
  cpSync(folder, whole, { recursive: true });
  const pixels = path.join(whole, "pixels.js");
  writeFileSync(pixels, readFileSync(pixels, "utf8").replace("MOST_PIXELS = 1024", "MOST_PIXELS = 100000"));
  const [drawn, full] = [await answersOf(folder), await answersOf(whole)];
  const same = drawn.filter(
    (answer, i) => answer.labels[0].label === full[i].labels[0].label && answer.unknown === full[i].unknown,
  );
  const off = drawn.map((answer, i) => Math.abs(answer.labels[0].probability - full[i].labels[0].probability));
  console.log(
    `drawn down: ${same.length} of ${photos.length} answers are the same, probabilities at most ${Math.max(...off).toFixed(3)} off, ${median(off).toFixed(3)} in the median`,
  );
} finally {
  for (const end of ended) await end();
}
