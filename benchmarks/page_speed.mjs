/**
 * How soon a report page is there, and how smoothly its map moves, in Chromium without a GPU.
 *
 *     node benchmarks/page_speed.mjs PAGE.html...
 *
 * For each page: seconds from the request to the second frame after everything was put together, the least of three, and
 * how many of them the page's thread computed;
 * then frames a second that the map draws while it is dragged for 120 frames, as points and as pictures, and the time of
 * the processor that the page's thread takes for one. Chromium draws 60 at most; beside other work it has time for fewer,
 * and takes as long for each.
 */
import { pathToFileURL } from "node:url";
import { launch } from "../tests/browser/browser.mjs";

const FRAMES = 120;

/** A function that says how many seconds the page's thread has computed. */
async function clockOf(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => (await client.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
}

async function open(context, file) {
  const page = await context.newPage();
  const busy = await clockOf(page);
  const started = performance.now();
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return { page, seconds: (performance.now() - started) / 1000, computed: await busy() };
}

async function pan(page) {
  const busy = await clockOf(page);
  const before = await busy();
  const { drawn, seconds } = await drag(page);
  const each = (await busy() - before) / drawn * 1000;
  return `${(drawn / seconds).toFixed(0)} frames/s (${each.toFixed(1)} ms each)`;
}

/** Counted is what was drawn, not what the browser had time for. */
function drag(page) {
  return page.evaluate((frames) => new Promise((resolve) => {
    const area = document.querySelector(".map-area");
    const box = area.getBoundingClientRect();
    const point = (type, x, y) => area.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, bubbles: true,
      clientX: box.left + x, clientY: box.top + y }));
    area.setPointerCapture = () => {};
    let drawn = 0;
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...given) {
      drawn++;
      put.apply(this, given);
    };
    point("pointerdown", box.width / 2, box.height / 2);
    const started = performance.now();
    let frame = 0;
    const step = () => {
      if (++frame > frames) {
        point("pointercancel", 0, 0);
        CanvasRenderingContext2D.prototype.putImageData = put;
        resolve({ drawn, seconds: (performance.now() - started) / 1000 });
        return;
      }
      point("pointermove", box.width / 2 + 100 * Math.sin(frame / 10), box.height / 2 + 60 * Math.cos(frame / 14));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }), FRAMES);
}

const browser = await launch();
for (const file of process.argv.slice(2)) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  const opened = [];
  for (let i = 0; i < 3; i++) {
    opened.push(await open(context, file));
    if (i < 2) await opened[i].page.close();
  }
  const { page } = opened.at(-1);
  await page.locator("#map").evaluate((section) => section.scrollIntoView({ behavior: "instant" }));
  await page.waitForTimeout(500);
  const least = (what) => Math.min(...opened.map((one) => one[what])).toFixed(2);
  const points = await pan(page);
  await page.getByRole("button", { name: "Pictures", exact: true }).click();
  await page.waitForTimeout(1000);
  const pictures = await pan(page);
  console.log(`${file}: opens in ${least("seconds")} s (${least("computed")} s computed), pans at ${points}, with pictures at ${pictures}`);
  await context.close();
}
await browser.close();
