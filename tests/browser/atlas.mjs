// Opens a page of Embedding Atlas in the system's Chromium, and prints what it shows as JSON:
//   node atlas.mjs CHROMIUM URL POINTS [SCREENSHOT]
// POINTS: as the page writes their number. The scatter plot itself wants WebGPU with half floats, which Chromium's
// software renderer lacks: what is looked at is the table that it opened, its pictures, and that nothing failed.
import { chromium } from 'playwright-core';

const [executablePath, url, points, screenshot] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  await page.getByText(points).first().waitFor({ timeout: 120_000 });
  const pictures = page.locator('img[src^="data:image/"]');
  await pictures.first().waitFor({ timeout: 120_000 });
  const sizes = await pictures.evaluateAll((all) =>
    Promise.all(all.map((one) => one.decode().then(() => [one.naturalWidth, one.naturalHeight]))),
  );
  const columns = await page.locator('th, [role=columnheader]').allInnerTexts();
  const text = await page.locator('body').innerText();
  if (screenshot) await page.screenshot({ path: screenshot });
  console.log(JSON.stringify({ errors, sizes, columns, text }));
} finally {
  await browser.close();
}
