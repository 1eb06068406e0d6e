/** Nothing of a path or a label is ever run, or becomes markup. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { faultsOf, open, pagePath, root, withBrowser } from "./browser.mjs";

withBrowser();

test("hostile names are shown as they are, and none is run", async (t) => {
  const page = await open(t, "hostile");
  const { labels, title } = await page.evaluate(() => JSON.parse(document.getElementById("report-data").textContent));
  assert.equal(await page.locator("h1").textContent(), title);
  await page
    .locator("#classes .more")
    .click()
    .catch(() => {});
  const shown = await page.locator("#classes tbody th").evaluateAll((heads) => heads.map((head) => head.textContent));
  assert.deepEqual(new Set(shown), new Set(labels.map((label) => withPictures(label) || "(empty)")));
  for (const picture of (await page.locator("#samples .picture").all()).slice(0, 13)) {
    await picture.click();
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "List what is in view" }).click();
  for (const details of await page.locator("details").all())
    await details.evaluate((one) => {
      one.open = true;
    });
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator("script").count(), 2);
  assert.equal(await page.locator("img[onerror], [src='x'], [src^='javascript']:not(.thumb img)").count(), 0);
  assert.deepEqual(page.complaints, []);
});

/** Controls as the page shows them. */
function withPictures(text) {
  return text
    .replaceAll("\n", "\u240a")
    .replaceAll("\r", "\u240d")
    .replaceAll("\t", "\u2409")
    .replaceAll("\0", "\u2400");
}

test("names keep their direction to themselves", async (t) => {
  const page = await open(t, "hostile");
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll("main *")].flatMap((element) =>
      [...element.childNodes]
        .filter(
          (node) =>
            node.nodeType === Node.TEXT_NODE && /[\u202a-\u202e]/.test(node.data) && !element.closest("bdi, .remark"),
        )
        .map((node) => node.data),
    ),
  );
  assert.deepEqual(outside, []);
});

test("the policy of the page forbids what the page does not do", async (t) => {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const page = await open(t, "ordinary");
  const ran = await page.evaluate(async (address) => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    document.body.setAttribute("style", "outline: 7px solid red");
    document.body.setAttribute("onclick", "window.clicked = true");
    document.body.click();
    const fetched = await fetch(`${address}/fetched`, { mode: "no-cors" }).then(
      () => true,
      () => false,
    );
    const image = new Image();
    await new Promise((resolve) => {
      image.onload = image.onerror = resolve;
      image.src = `${address}/image.png`;
    });
    return {
      script: window.ran === true,
      style: getComputedStyle(document.body).outlineWidth === "7px",
      handler: window.clicked === true,
      fetched,
    };
  }, `http://127.0.0.1:${server.address().port}`);
  assert.deepEqual(ran, { script: false, style: false, handler: false, fetched: false });
  assert.deepEqual(asked, []);
});

test("no script of the page makes markup or code of text", () => {
  const folder = path.join(root, "src/pomona/report/page");
  const order = readFileSync(path.join(folder, "order.txt"), "utf8").trim().split("\n");
  assert.deepEqual(
    [...order].sort(),
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .sort(),
  );
  for (const name of order) {
    const text = readFileSync(path.join(folder, name), "utf8");
    assert.doesNotMatch(
      text,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\b|new Function|<\/?script|<!--/i,
      name,
    );
  }
});

for (const name of ["program", "ordinary", "hostile", "empty"]) {
  test(`${name}: the HTML is valid, as it is written and as its script leaves it`, async (t) => {
    const page = await open(t, name);
    const drawn = path.join(mkdtempSync(path.join(tmpdir(), "pomona-")), "drawn.html");
    t.after(() => rmSync(path.dirname(drawn), { recursive: true }));
    writeFileSync(drawn, await page.content());
    assert.deepEqual(faultsOf(pagePath(name), drawn), []);
  });
}
