import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, open, withBrowser } from "./browser.mjs";

const SECTIONS = ["Summary", "Classes", "Samples", "Map", "Duplicates", "Wrong", "Trust", "Rejects", "Compare", "Provenance"];
const PAGES = ["program", "ordinary", "hostile", "empty", "one", "unplaced", "many_labels", "large"];

withBrowser();

for (const name of PAGES) {
  test(`${name}: opens from disk, says nothing and asks nobody`, async (t) => {
    const page = await open(t, name);
    for (const heading of await page.locator("h2:visible").all()) await heading.scrollIntoViewIfNeeded();
    await page.locator("#maker").scrollIntoViewIfNeeded();
    assert.match(await page.locator("#maker").textContent(), /^Made by Pomona \d/);
    assert.deepEqual(page.complaints, []);
    assert.deepEqual(page.requests, []);
  });

  test(`${name}: every place that is meant for numbers has some`, async (t) => {
    const page = await open(t, name);
    // Options are shown there as they were given, null among them.
    await page.locator("#provenance").evaluate((section) => section.remove());
    assert.doesNotMatch(await page.locator("body").innerText(), /NaN|undefined|null|Infinity|\[object/);
  });

  for (const width of name === "ordinary" ? [360, 768, 1920] : [360]) {
    test(`${name}: fits into ${width} pixels`, async (t) => {
      const page = await open(t, name, { viewport: { width, height: 800 } });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });
  }
}

test("the sections are in their order, and the navigation leads to each", async (t) => {
  const page = await open(t, "ordinary");
  assert.deepEqual(await page.locator("main h2").allTextContents(), SECTIONS);
  assert.deepEqual(await page.locator("nav a").allTextContents(), SECTIONS);
  for (const name of SECTIONS) {
    await page.locator("nav a", { hasText: name }).click();
    const top = await page.locator("main h2", { hasText: name }).evaluate((heading) => heading.getBoundingClientRect().top);
    const { height } = page.viewportSize();
    assert.ok(top >= 0 && top < height, `${name} is at ${top}`);
  }
});

test("what has nothing to show says why, in its place", async (t) => {
  const page = await open(t, "empty");
  for (const name of ["classes", "samples", "map", "duplicates", "wrong", "trust", "rejects"]) {
    assert.equal(await page.locator(`#${name} .remark`).textContent(), `No ${name} here.`);
  }
  assert.equal(await page.locator("#compare, nav a[href='#compare']").count(), 0);
});

test("accuracy is never alone", async (t) => {
  const both = await open(t, "ordinary");
  assert.deepEqual(await both.locator(".accuracy .large-figure").allTextContents(), ["90.9\u00a0%", "99.0\u00a0%"]);
  const alone = await open(t, "one");
  assert.equal(await alone.locator(".accuracy .honest .unknown-figure").textContent(), "not known");
});

test("classes are sorted either way", async (t) => {
  const page = await open(t, "ordinary");
  const names = () => page.locator("#classes tbody th").allTextContents();
  await page.locator("#classes").getByRole("button", { name: "Label" }).click();
  assert.deepEqual(await names(), ["apple", "banana", "cherry", "date"]);
  await page.locator("#classes").getByRole("button", { name: "Label" }).click();
  assert.deepEqual(await names(), ["date", "cherry", "banana", "apple"]);
  assert.equal(await page.locator("#classes th[aria-sort]").getAttribute("aria-sort"), "descending");
});

test("a sample opens large from its file, with its row; arrows go on, and the focus comes back", async (t) => {
  const page = await open(t, "ordinary");
  await page.locator("#samples").scrollIntoViewIfNeeded();
  const sample = page.locator("#samples .picture").first();
  await sample.click();
  const dialog = page.getByRole("dialog");
  const picture = dialog.locator(".large > img");
  await picture.waitFor();
  assert.equal(await picture.evaluate((image) => image.naturalWidth), 256);
  assert.match(await dialog.locator(".facts").innerText(), /Path\s+file:\/photos\/0\.png\s+Label\s+apple\s+Row\s+0\s+Split\s+training/);
  await page.keyboard.press("ArrowRight");
  assert.match(await dialog.locator(".facts").innerText(), /file:\/photos\/12\.png/);
  assert.equal(await dialog.locator(".strip .picture").count(), 12);
  await page.keyboard.press("Escape");
  assert.ok(await sample.evaluate((button) => document.activeElement === button));
});

test("where the file cannot be read the thumbnail is shown, and the page says so", async (t) => {
  const page = await open(t, "hostile");
  await page.locator("#samples").scrollIntoViewIfNeeded();
  await page.locator("#samples .picture").first().click();
  assert.match(await page.getByRole("dialog").locator("figcaption").textContent(), /cannot be read from here/);
});

test("duplicates across splits can be looked at by themselves", async (t) => {
  const page = await open(t, "ordinary");
  await page.locator("#duplicates").getByRole("button", { name: "Across splits" }).click();
  const pairs = page.locator("#duplicates .pair");
  assert.equal(await pairs.count(), await pairs.filter({ hasText: "across splits" }).count());
  assert.equal(await pairs.first().locator(".picture").count(), 2);
});

test("a cell of the confusion matrix opens its pictures", async (t) => {
  const page = await open(t, "ordinary");
  await page.getByRole("button", { name: /of apple predicted as banana/ }).click();
  const pictures = page.locator("#wrong .cell-pictures");
  assert.match(await pictures.locator("h3").textContent(), /^apple predicted as banana/);
  assert.equal(await pictures.locator("li").count(), Number((await pictures.locator("h3 small").textContent())));
});

test("many labels have a list of confusions, and a matrix as long as it can be drawn", async (t) => {
  const drawn = await open(t, "large");
  assert.equal(await drawn.locator("#wrong .confusion-picture canvas").count(), 1);
  await drawn.locator("#wrong td .link").first().click();
  assert.match(await drawn.locator("#wrong .cell-pictures h3").textContent(), /predicted as/);
  const toMany = await open(t, "many_labels");
  assert.match(await toMany.locator("#wrong").innerText(), /matrix of 100,000 labels is too large/);
});

test("the numbers of each chart are in a table", async (t) => {
  const page = await open(t, "ordinary");
  for (const frame of await page.locator(".chart-frame").all()) {
    await frame.locator("summary").click();
    assert.ok(await frame.locator("tbody tr").count() > 3);
  }
});

test("rejects are counted by reason, with paths", async (t) => {
  const page = await open(t, "ordinary");
  assert.deepEqual(await page.locator("#rejects .reason").allTextContents(), ["empty file2", "truncated1"]);
  await page.locator("#rejects summary").first().click();
  assert.match(await page.locator("#rejects .paths").first().innerText(), /file:\/photos\/e\.jpg\s+no bytes/);
});

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["program", "ordinary", "hostile", "empty", "one"]) {
    test(`${name}: the ${colorScheme} page is accessible`, async (t) => {
      const page = await open(t, name, { colorScheme });
      assert.deepEqual(await accessibilityFaults(page), []);
    });
  }

  test(`the ${colorScheme} dialog, lists and tables of charts are accessible, on a phone as well`, async (t) => {
    const page = await open(t, "ordinary", { colorScheme, viewport: { width: 360, height: 780 }, hasTouch: true });
    await page.getByRole("button", { name: "List what is in view" }).click();
    await page.getByRole("button", { name: /of apple predicted as banana/ }).click();
    for (const details of await page.locator("details").all()) await details.evaluate((one) => { one.open = true; });
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.locator("#map .picture").first().click();
    assert.deepEqual(await accessibilityFaults(page), []);
  });
}

test("the button changes between light and dark", async (t) => {
  const page = await open(t, "ordinary", { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(await ground(), "rgb(21, 21, 19)");
  await page.getByRole("button", { name: "Light", exact: true }).click();
  assert.equal(await ground(), "rgb(251, 250, 247)");
});

test("paper is light, has all sections and no controls", async (t) => {
  const page = await open(t, "ordinary", { colorScheme: "dark" });
  const pdf = await page.pdf();
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
  assert.deepEqual(await page.locator("main h2:visible").allTextContents(), SECTIONS);
  assert.equal(await page.locator("nav:visible, input:visible, .more:visible, .map-tools:visible").count(), 0);
});

test("whoever wants less motion gets none", async (t) => {
  const scroll = (page) => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  assert.equal(await scroll(await open(t, "ordinary")), "auto");
  assert.equal(await scroll(await open(t, "ordinary", { reducedMotion: "no-preference" })), "smooth");
});
