/** What `pomona app` writes of the drawn set's classifier, which never saw an orange or a plum, on a phone. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { appFolder, drawn, give, host, image, isKept, isReady, openApp, phone, pomona } from "./app.mjs";
import { accessibilityFaults, faultsOf } from "./browser.mjs";

const MOST_BYTES = 25e6;

function temporary(t) {
  const folder = mkdtempSync(path.join(tmpdir(), "pomona-app-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const heading = (page) => page.locator("#view-answer h1");

async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return download.path();
}

test("the camera's fruit is named, with how sure that is, two runners-up and its card", async (t) => {
  const { page } = await openApp(t, { camera: image("Lemon") });
  await page.getByRole("button", { name: "Open the camera" }).click();
  await page.getByRole("button", { name: "Take the photo" }).click();
  await page.waitForURL(/#answer\//);
  await heading(page).filter({ hasText: "Lemon" }).waitFor();
  assert.match(await page.locator(".sureness").innerText(), /(Very|Fairly) sure\s*(> )?\d+%/);
  assert.equal(await page.locator(".runners li").count(), 2);
  const card = page.getByRole("article", { name: "Lemon" });
  assert.match(
    await card.innerText(),
    /Citrus × limon[\s\S]*Rutaceae[\s\S]*Known here\s*1 kind[\s\S]*Sources:[\s\S]*CC0-1\.0/,
  );
  assert.ok((await card.locator("a[rel~=noreferrer][target=_blank]").count()) >= 2);
  assert.deepEqual(page.complaints, []);
  // The camera is off where nobody looks at its picture.
  assert.equal(await page.evaluate(() => document.getElementById("preview").srcObject), null);
});

test("a photo from a file, dropped or pasted is named", async (t) => {
  const { page } = await openApp(t);
  await give(page, image("Banana"));
  assert.equal(await heading(page).innerText(), "Banana");
  for (const kind of ["drop", "paste"]) {
    await page.goto(`${page.url().split("#")[0]}#`);
    const before = page.url();
    const bytes = [...readFileSync(image("Kiwi"))];
    await page.evaluate(
      ([name, list]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(list)], "x.jpg", { type: "image/jpeg" }));
        const event =
          name === "drop"
            ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
        document.body.dispatchEvent(event);
      },
      [kind, bytes],
    );
    await page.waitForURL((url) => url.href !== before && url.hash.startsWith("#answer/"));
    assert.equal(await heading(page).innerText(), "Kiwi", kind);
  }
});

test("a fruit that was never learned is unknown, with the three nearest pictures", async (t) => {
  const { page } = await openApp(t);
  let unknown = 0;
  for (let i = 0; i < 5; ++i) {
    await give(page, image("Orange", i));
    if ((await heading(page).innerText()) !== "I don’t know this fruit") continue;
    ++unknown;
    assert.equal(await page.locator(".nearest li").count(), 3);
    assert.equal(await page.locator(".nearest .thumb.none").count(), 0);
    assert.equal(await page.locator(".card").count(), 0);
  }
  assert.ok(unknown >= 3, `${unknown} of 5`);
});

test("the page answers as the program does", async (t) => {
  const expected = JSON.parse(readFileSync(path.join(drawn, "expected.json"), "utf8"));
  const { page } = await openApp(t);
  for (const { path: file, predicted, probability, second_gap: gap } of expected) {
    await give(page, file);
    const { answer } = await page.evaluate(async () =>
      (await import("./history_store.js")).entry(Number(location.hash.split("/")[1])),
    );
    if (gap > 0.1) assert.equal(answer.labels[0].label, predicted, file);
    if (answer.labels[0].label === predicted) {
      assert.ok(
        Math.abs(answer.labels[0].probability - probability) < 0.1,
        `${file}: ${answer.labels[0].probability}, ${probability}`,
      );
    }
  }
});

test("what is no photo is said to be none, and the app goes on", async (t) => {
  const { page } = await openApp(t);
  await page.setInputFiles("#file", { name: "x.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") });
  await page.locator("#state", { hasText: "no photo that the browser can read" }).waitFor();
  await give(page, image("Banana"));
  assert.equal(await heading(page).innerText(), "Banana");
});

/** A JPEG with an EXIF segment that says how it is to be turned. */
function turned(jpeg, orientation) {
  const exif = Buffer.from(
    `457869660000${"49492a0008000000"}0100${"1201"}0300${"01000000"}${orientation.toString(16).padStart(2, "0")}000000${"00000000"}`,
    "hex",
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2)]);
}

test("EXIF's turn is obeyed, and large photos are drawn down to 1,024 pixels", async (t) => {
  const { page } = await openApp(t);
  const jpeg = Buffer.from(
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(3000, 1500);
      canvas.getContext("2d").fillRect(0, 0, 100, 100);
      return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer()));
    }),
  );
  await give(page, { name: "t.jpg", mimeType: "image/jpeg", buffer: turned(jpeg, 6) });
  const size = await page
    .locator(".photo img")
    .evaluate((shown) => shown.decode().then(() => [shown.naturalWidth, shown.naturalHeight]));
  assert.deepEqual(size, [512, 1024]);
});

test("it can be installed", async (t) => {
  const { context, page } = await openApp(t);
  await isKept(page);
  const session = await context.newCDPSession(page);
  assert.deepEqual((await session.send("Page.getInstallabilityErrors")).installabilityErrors, []);
  const manifest = JSON.parse((await session.send("Page.getAppManifest")).data);
  assert.equal(manifest.name, 'Fruits & "friends"');
  assert.equal(manifest.display, "standalone");
  assert.ok(manifest.icons.some(({ purpose }) => purpose === "maskable"));
  for (const { src } of manifest.icons) assert.ok(statSync(path.join(appFolder, src)).size > 0, src);
});

test("it works without a network, and then with threads", async (t) => {
  const { site, context, page } = await openApp(t);
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  await isKept(page);
  await page.locator("#state", { hasText: "no network needed" }).waitFor();
  await context.setOffline(true);
  site.asked.length = 0;
  await page.reload();
  await isReady(page);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  assert.ok(
    Number(await page.locator("html").getAttribute("data-threads")) > 1 ||
      (await page.evaluate(() => navigator.hardwareConcurrency)) === 1,
  );
  await give(page, image("Banana"));
  assert.equal(await heading(page).innerText(), "Banana");
  // The browser looks for a new version by itself, whatever the page is told of the network.
  assert.deepEqual(
    site.asked.filter((name) => name !== "/service_worker.js"),
    [],
  );
});

test("it asks nobody but its own host, nor could it", async (t) => {
  const { site, page } = await openApp(t);
  await give(page, image("Banana"));
  await isKept(page);
  const known = new Set(["/", ...readdirSync(appFolder, { recursive: true }).map((name) => `/${name}`)]);
  assert.deepEqual(
    site.asked.filter((name) => !known.has(name)),
    [],
  );
  assert.deepEqual(page.strangers, []);
  await page.reload();
  await isReady(page);
  const tried = await page.evaluate(async () => {
    const reached = (address) =>
      fetch(address, { mode: "no-cors" }).then(
        () => true,
        () => false,
      );
    const shown = new Promise((resolve) => {
      const one = new Image();
      one.onload = () => resolve(true);
      one.onerror = () => resolve(false);
      one.src = "http://127.0.0.1:9/x.png";
    });
    return [await reached("http://127.0.0.1:9/"), await shown];
  });
  assert.deepEqual(tried, [false, false]);
  assert.ok(page.complaints.some((text) => text.includes("Content Security Policy")));
});

test("a new version is offered, and fetches only what is new", async (t) => {
  const folder = path.join(temporary(t), "app");
  const { site, page } = await openApp(t);
  await isKept(page);
  await page.reload();
  await isReady(page);
  pomona("app", path.join(drawn, "fruits.classifier"), folder, "--title", "The second", "--quiet");
  site.folder = folder;
  site.asked.length = 0;
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one.update()));
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Use it" }).click()]);
  await page.locator(".brand", { hasText: "The second" }).waitFor();
  assert.deepEqual(new Set(site.asked), new Set(["/service_worker.js", "/", "/app.json", "/manifest.webmanifest"]));
});

test("without a camera, a service worker and a place to keep things it still answers", async (t) => {
  const site = await host(t, appFolder);
  const { context, page } = await phone(t, { address: site.address, permissions: [], serviceWorkers: "block" });
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "mediaDevices", { value: undefined });
    Object.defineProperty(globalThis, "indexedDB", {
      value: {
        open: () => {
          throw new Error("none");
        },
      },
    });
  });
  await page.goto(site.address);
  await isReady(page);
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Open the camera" }).click(),
  ]);
  assert.equal(await chooser.element().getAttribute("capture"), "environment");
  await chooser.setFiles(image("Banana"));
  await heading(page).filter({ hasText: "Banana" }).waitFor();
  await page.goto(`${site.address}#history`);
  await page
    .locator("#view-history")
    .filter({ hasText: /keeps nothing/ })
    .waitFor();
});

test("the history stays after a reload, is told as CSV, and is deleted when one says so", async (t) => {
  const { page } = await openApp(t);
  await give(page, image("Banana"));
  await give(page, image("Orange"));
  await page.goto(`${page.url().split("#")[0]}#history`);
  await page.reload();
  await page.locator(".entries li").nth(1).waitFor();
  assert.equal(await page.locator(".entries li").count(), 2);
  const [header, newest, oldest, end] = readFileSync(await saved(page, "Export as CSV"), "utf8").split("\r\n");
  assert.match(header, /^time,label,probability,second,/);
  assert.match(newest, /^\d{4}-\d\d-\d\dT/);
  assert.match(oldest, /^[^,]+,Banana,[\d.e-]+,[^,]+,[\d.e-]+,[^,]+,[\d.e-]+,false,/);
  assert.equal(end, "");
  page.on("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Delete all" }).click();
  await page.getByText("No photo yet.").waitFor();
});

test("corrections are photos that train learns from", async (t) => {
  const folder = temporary(t);
  const { page } = await openApp(t);
  for (const [label, typed] of [
    ["Banana", "Lemon"],
    ["Orange", "Blood orange"],
    ["Orange", "Blood orange"],
  ]) {
    await give(page, image(label));
    await page.getByRole("button", { name: "That is wrong" }).click();
    await page.getByLabel("Name of the fruit").fill(typed);
    await page
      .getByRole("dialog")
      .getByRole("button", { name: new RegExp(`^(A new kind: )?${typed}$`) })
      .click();
    await page.getByText(`You said: ${typed}`).waitFor();
  }
  await page.goto(`${page.url().split("#")[0]}#history`);
  const archive = await saved(page, "Export corrections (3)");
  mkdirSync(path.join(folder, "photos"));
  for (const label of ["Lemon", "Banana"])
    cpSync(path.join(drawn, "images/Training", label), path.join(folder, "photos", label), { recursive: true });
  assert.equal(spawnSync("python3", ["-m", "zipfile", "-e", archive, path.join(folder, "photos")]).status, 0);
  pomona("extract", path.join(folder, "photos"), path.join(folder, "features"), "--quiet");
  const report = JSON.parse(
    pomona("train", path.join(folder, "features"), path.join(folder, "c"), "--json", "--quiet"),
  );
  assert.equal(report.classes, 3);
  assert.equal(report.rows, 153);
  const listed = pomona("list", path.join(folder, "photos"), "--summary");
  assert.match(listed, / 2 .*Blood orange\n/);
  assert.match(listed, / 76 .*Lemon\n/);
});

test("a correction is taken back, and a name that no folder can have is refused", async (t) => {
  const { page } = await openApp(t);
  await give(page, image("Banana"));
  await page.getByRole("button", { name: "That is wrong" }).click();
  await page.getByLabel("Name of the fruit").fill("../x");
  assert.match(await page.getByRole("dialog").innerText(), /A name may not hold/);
  await page.getByLabel("Name of the fruit").fill("Lemon");
  await page.getByRole("dialog").getByRole("button", { name: "Lemon", exact: true }).click();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("button", { name: "It was right after all" }).click();
  await page.getByRole("button", { name: "That is wrong" }).waitFor();
});

test("it speaks French where the phone does, and the switch is remembered", async (t) => {
  const { page } = await openApp(t, { locale: "fr-FR" });
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  assert.equal(await page.locator("#view-camera h1").innerText(), "Quel est ce fruit ?");
  await give(page, image("Lemon"));
  assert.equal(await heading(page).locator(".name").first().innerText(), "Citron");
  assert.match(await page.locator(".card").innerText(), /Famille[\s\S]*Licence du texte :/);
  await page.getByRole("button", { name: "English" }).click();
  assert.equal(await heading(page).innerText(), "Lemon");
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
});

/** Each view in its turn, and the dialog. */
async function* views(page) {
  const address = page.url().split("#")[0];
  await give(page, image("Orange"));
  yield "unknown";
  await give(page, image("Lemon"));
  yield "answer";
  await page.getByRole("button", { name: "That is wrong" }).click();
  yield "correction";
  await page.keyboard.press("Escape");
  for (const view of ["history", "about", ""]) {
    await page.goto(`${address}#${view}`);
    await page.locator("main > section:visible h1").waitFor();
    yield view || "camera";
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}: nothing is in the way of who cannot see, or sees little`, async (t) => {
    const { page } = await openApp(t, { colorScheme });
    for await (const view of views(page)) assert.deepEqual(await accessibilityFaults(page), [], view);
  });
}

test("all fits into 360 pixels, and what is tapped is as large as a thumb", async (t) => {
  const { page } = await openApp(t, { viewport: { width: 360, height: 640 } });
  for await (const view of views(page)) {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
    const small = await page
      .locator("button:visible, main .primary:visible, .side:visible")
      .evaluateAll((all) =>
        all
          .filter((one) => !one.classList.contains("link") && (one.offsetWidth < 44 || one.offsetHeight < 40))
          .map((one) => one.outerHTML),
      );
    assert.deepEqual(small, [], view);
  }
});

test("the keyboard reaches all, and a new view is told by its heading", async (t) => {
  const { page } = await openApp(t);
  await give(page, image("Lemon"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "answer-title");
  await page.goBack();
  await page.keyboard.press("Tab");
  await page.evaluate(() => document.getElementById("shutter").focus());
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Take the photo" }).waitFor();
});

test("names of the data are shown as they are, and none is run", async (t) => {
  const folder = temporary(t);
  const app = path.join(folder, "app");
  cpSync(appFolder, app, { recursive: true });
  const told = JSON.parse(readFileSync(path.join(app, "app.json"), "utf8"));
  const hostile = '"><img src=x onerror=window.broken=1>';
  told.labels = told.labels.map((label) => label + hostile);
  for (const card of told.cards) {
    card.labels = card.labels.map((label) => label + hostile);
    card.name_en = card.fact_en = card.licence = hostile;
    card.source_1 = "javascript:window.broken=2";
  }
  writeFileSync(path.join(app, "app.json"), JSON.stringify(told));
  const { page } = await openApp(t, { site: await host(t, app) });
  await give(page, image("Lemon"));
  assert.equal(await heading(page).innerText(), `Lemon${hostile}`);
  assert.equal(await page.locator("a[href^=javascript], img[src=x]").count(), 0);
  assert.equal(await page.evaluate(() => window.broken), undefined);
});

test("the HTML is valid, as it is written and as its script leaves it", async (t) => {
  const { page } = await openApp(t);
  await give(page, image("Lemon"));
  const left = path.join(temporary(t), "left.html");
  writeFileSync(left, await page.content());
  assert.deepEqual(faultsOf(path.join(appFolder, "index.html"), left), []);
});

test("what a phone loads is small, and names no place of the machine that made it", () => {
  const names = readdirSync(appFolder, { recursive: true })
    .map((name) => path.join(appFolder, name))
    .filter((name) => statSync(name).isFile());
  const bytes = names.reduce((sum, name) => sum + statSync(name).size, 0);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
  for (const name of names.filter((one) => !one.endsWith(".wasm")))
    assert.ok(!readFileSync(name).includes(path.dirname(drawn)), name);
});
