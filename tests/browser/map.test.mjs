/** The map of tests/browser/make_pages.py's ordinary page: sixty apples on the right, bananas at the top, and so on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, withBrowser } from "./browser.mjs";

withBrowser();

async function openMap(t, name = "ordinary", options = {}) {
  const page = await open(t, name, options);
  await page.locator(".map-area").evaluate((area) => area.scrollIntoView({ block: "center" }));
  const box = await page.locator(".map-area").boundingBox();
  const at = (across, down) => [box.x + box.width * across, box.y + box.height * down];
  const span = Math.min(box.width, box.height) / box.width;
  return { page, at, apples: at(0.5 + 0.36 * span, 0.5), nothing: at(0.5, 0.5) };
}

async function outlineApples({ page, at }) {
  await page.mouse.move(...at(0.52, 0.5));
  await page.mouse.down();
  for (const corner of [
    [0.99, 0.02],
    [0.99, 0.98],
  ])
    await page.mouse.move(...at(...corner), { steps: 5 });
  await page.mouse.up();
}

/** How many pixels of the map have each colour of the legend. */
function colourCounts(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector(".map-area canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Map();
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 255) {
        const colour = `rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`;
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
      }
    }
    return Object.fromEntries(
      [...document.querySelectorAll(".legend li button")].map((entry) => [
        entry.querySelector(".name").textContent,
        seen.get(getComputedStyle(entry.querySelector(".swatch")).backgroundColor) ?? 0,
      ]),
    );
  });
}

/** Waits until the map has drawn what was last asked for. */
async function drawn(page) {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

test("the point under the pointer shows its picture and is said aloud", async (t) => {
  const { page, apples, nothing } = await openMap(t);
  await page.mouse.move(...apples);
  assert.match(await page.locator(".tip").innerText(), /^apple\n/);
  assert.equal(await page.locator(".tip .thumb").count(), 1);
  await page.locator("#map [role=status]", { hasText: "apple" }).waitFor({ state: "attached" });
  await page.mouse.move(...nothing);
  assert.ok(await page.locator(".tip").isHidden());
});

test("a click opens the picture, with what lies beside it; the dialog leads back to the map", async (t) => {
  const { page, apples } = await openMap(t);
  await page.mouse.click(...apples);
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.locator("h2").textContent(), "apple");
  assert.deepEqual(
    new Set(
      await dialog
        .locator(".strip .picture")
        .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label").split(",")[0])),
    ),
    new Set(["apple"]),
  );
  await dialog.locator(".strip .picture").nth(1).click();
  await dialog.getByRole("button", { name: "Show in the map" }).click();
  assert.ok(await page.locator(".tip").isVisible());
  assert.ok(
    await page
      .locator(".map-area")
      .evaluate((area) => area === document.activeElement && area.classList.contains("nearer")),
  );
});

test("the wheel comes nearer, and scrolls the page where there is nothing to leave", async (t) => {
  const { page, apples } = await openMap(t);
  const isNearer = () => page.locator(".map-area.nearer").count();
  await page.mouse.move(...apples);
  const before = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, -400);
  await page.locator(".map-area.nearer").waitFor();
  assert.equal(await page.evaluate(() => scrollY), before);
  await page.getByRole("button", { name: "Whole map" }).click();
  assert.equal(await isNearer(), 0);
  await page.mouse.move(...apples);
  await page.mouse.wheel(0, 200);
  await page.waitForFunction((y) => scrollY > y, before);
  assert.equal(await isNearer(), 0);
});

test("two fingers come nearer", async (t) => {
  const { page, at } = await openMap(t, "ordinary", { viewport: { width: 360, height: 780 }, hasTouch: true });
  const client = await page.context().newCDPSession(page);
  const touch = (type, spread) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints:
        type === "touchEnd"
          ? []
          : [
              [0.5 - spread, 0.5],
              [0.5 + spread, 0.5],
            ].map((place, id) => ({ x: at(...place)[0], y: at(...place)[1], id })),
    });
  await touch("touchStart", 0.1);
  for (const spread of [0.15, 0.2, 0.25, 0.3]) await touch("touchMove", spread);
  await touch("touchEnd");
  await page.locator(".map-area.nearer").waitFor();
});

test("dragging moves the map and opens nothing", async (t) => {
  const { page, apples, nothing } = await openMap(t);
  await page.mouse.move(...apples);
  await page.mouse.down();
  await page.mouse.move(...nothing, { steps: 8 });
  await page.mouse.up();
  assert.ok(await page.getByRole("dialog").isHidden());
  await page.mouse.move(nothing[0] + 1, nothing[1]);
  assert.match(await page.locator(".tip").innerText(), /^apple\n/);
});

test("keys move, zoom, say what is in the middle and open it", async (t) => {
  const { page } = await openMap(t);
  const area = page.locator(".map-area");
  await page.getByRole("button", { name: "List what is in view" }).focus();
  await page.keyboard.press("Tab");
  assert.ok(await area.evaluate((one) => one === document.activeElement));
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  await page.locator("#map [role=status]", { hasText: /^apple/ }).waitFor({ state: "attached" });
  await page.keyboard.press("+");
  assert.equal(await page.locator(".map-area.nearer").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await page.getByRole("dialog").locator("h2").textContent(), "apple");
  await page.keyboard.press("Escape");
  await page.keyboard.press("0");
  assert.equal(await page.locator(".map-area.nearer").count(), 0);
});

test("an outline lists what is in it, and saves its paths", async (t) => {
  const map = await openMap(t);
  await map.page.keyboard.down("Shift");
  await outlineApples(map);
  await map.page.keyboard.up("Shift");
  const list = map.page.locator(".map-list");
  assert.equal(await list.locator("h3").textContent(), "60 pictures in the outline");
  assert.match(await list.innerText(), /apple 60/);
  assert.equal(await list.locator("li").count(), 36);
  await list.getByRole("button", { name: /Show 24 more of 60/ }).click();
  assert.equal(await list.locator("li").count(), 60);
  const saved = map.page.waitForEvent("download");
  await list.getByRole("button", { name: "Save the paths" }).click();
  const lines = readFileSync(await (await saved).path(), "utf8")
    .trimEnd()
    .split("\n");
  assert.deepEqual(
    lines,
    Array.from({ length: 60 }, (_, i) => `file:/photos/${4 * i}.png`),
  );
  await drawn(map.page);
  const { apple, banana } = await colourCounts(map.page);
  assert.ok(apple > 0 && banana === 0);
  await list.getByRole("button", { name: "Close the list" }).click();
  await drawn(map.page);
  assert.ok((await colourCounts(map.page)).banana > 0);
});

test("a button draws outlines without Shift, and one that holds nothing says so", async (t) => {
  const map = await openMap(t);
  await map.page.getByRole("button", { name: "Draw an outline" }).click();
  await outlineApples(map);
  assert.equal(await map.page.locator(".map-list h3").textContent(), "60 pictures in the outline");
  await map.page.mouse.move(...map.at(0.48, 0.48));
  await map.page.mouse.down();
  for (const corner of [
    [0.52, 0.48],
    [0.52, 0.52],
  ])
    await map.page.mouse.move(...map.at(...corner));
  await map.page.mouse.up();
  assert.match(await map.page.locator(".map-list").innerText(), /No picture is in the outline/);
});

test("what is in view is listed without a pointer", async (t) => {
  const { page } = await openMap(t);
  await page.getByRole("button", { name: "List what is in view" }).click();
  assert.equal(await page.locator(".map-list h3").textContent(), "240 pictures in the view");
});

test("a name of the legend shows its points alone", async (t) => {
  const { page } = await openMap(t);
  const all = await colourCounts(page);
  assert.ok(Object.values(all).every((some) => some > 0));
  await page.locator(".legend").getByRole("button", { name: "banana" }).click();
  await page.mouse.move(0, 0);
  await drawn(page);
  const some = await colourCounts(page);
  assert.deepEqual([some.apple, some.cherry, some.date], [0, 0, 0]);
  assert.ok(some.banana > 0);
  await page.locator(".legend").getByRole("button", { name: "Show all" }).click();
  await drawn(page);
  assert.deepEqual(await colourCounts(page), all);
});

test("colours are by label, split, prediction, right or wrong, unknown", async (t) => {
  const { page } = await openMap(t);
  const legend = () => page.locator(".legend li").allTextContents();
  const choose = (name) =>
    page.getByRole("group", { name: "Colour by" }).getByRole("button", { name, exact: true }).click();
  assert.deepEqual(await legend(), ["apple60", "banana60", "cherry60", "date60"]);
  await choose("Split");
  assert.deepEqual(await legend(), ["training120", "test120"]);
  await choose("Prediction");
  assert.equal((await legend()).length, 4);
  await choose("Right or wrong");
  assert.deepEqual(await legend(), ["right218", "wrong22"]);
  await choose("Unknown");
  assert.match((await legend()).join(), /^known\d+,unknown\d+$/);
});

test("pictures take the place of points", async (t) => {
  const { page } = await openMap(t);
  await page.getByRole("button", { name: "Pictures", exact: true }).click();
  await page.waitForFunction(() => {
    const canvas = document.querySelector(".map-area canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let white = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] > 250 && data[i + 1] > 250 && data[i + 2] > 250 && data[i + 3] === 255) white++;
    return white > 2000;
  });
});

test("points without a place or a label are said to be there", async (t) => {
  const page = await open(t, "unplaced");
  assert.match(await page.locator("#map").innerText(), /10 pictures without a place in the map/);
  assert.match(await page.locator(".legend").innerText(), /no label/);
});

test("a map of 100,000 points is drawn, and found by name", async (t) => {
  const { page } = await openMap(t, "large");
  assert.equal(await page.locator(".legend li").count(), 131);
  await page.getByRole("searchbox", { name: "Find a name in the legend" }).fill("label 13");
  assert.deepEqual(await page.locator(".legend .name").allTextContents(), ["label 13", "label 130"]);
  await page.getByRole("button", { name: "List what is in view" }).click();
  assert.equal(await page.locator(".map-list h3").textContent(), "100,000 pictures in the view");
});
