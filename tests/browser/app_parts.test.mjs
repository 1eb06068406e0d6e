/** Parts of the app's page that need no browser. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { root } from "./browser.mjs";

const part = (name) => import(path.join(root, "src/pomona/app/page", name));

test("both languages have the same texts", async () => {
  const { STRINGS } = await part("strings.js");
  const kinds = (texts) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, Array.isArray(text) ? text.length : typeof text]),
    );
  assert.deepEqual(kinds(STRINGS.fr), kinds(STRINGS.en));
});

test("the nearest prototypes are those of the cosine, or of the distance", async () => {
  const { nearest } = await part("nearest.js");
  const positions = Float32Array.from([10, 1, /**/ 1, 0, /**/ 0, 3, /**/ 2, 2]);
  assert.deepEqual(nearest([1, 0.1], positions, "cosine"), [0, 1, 3]);
  assert.deepEqual(nearest([1, 0.1], positions, "distance"), [1, 3, 2]);
  assert.deepEqual(nearest([1, 0], new Float32Array(), "cosine"), []);
});

test("a ZIP archive is one to others, with names of any script", async (t) => {
  const { zip } = await part("zip.js");
  const folder = mkdtempSync(path.join(tmpdir(), "pomona-zip-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = [
    { name: "Pêche/1.jpg", time: Date.UTC(2026, 0, 2, 3, 4, 6), bytes: new TextEncoder().encode("one") },
    { name: "Pêche/empty.jpg", time: Date.UTC(2026, 0, 2), bytes: new Uint8Array() },
  ];
  writeFileSync(path.join(folder, "a.zip"), Buffer.from(await zip(files).arrayBuffer()));
  const script =
    "import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))";
  const { stdout } = spawnSync("python3", ["-c", script, path.join(folder, "a.zip")], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(stdout), [null, { "Pêche/1.jpg": "one", "Pêche/empty.jpg": "" }]);
});

test("a CSV cell is quoted, and is no formula to a spreadsheet", async () => {
  const { historyCsv } = await part("exports.js");
  const answer = {
    labels: [
      { label: "=1+1", probability: 0.5 },
      { label: 'a "b", c', probability: 0.25 },
    ],
    unknown: false,
    unknownScore: 0.1,
    milliseconds: 12.3,
    classifier: "sha256:0",
  };
  const text = await historyCsv([{ time: 0, answer, correction: null }]).text();
  assert.equal(text.split("\r\n")[1], '1970-01-01T00:00:00.000Z,\'=1+1,0.5,"a ""b"", c",0.25,,,false,0.1,,12,sha256:0');
});

test("a label can be a folder, or it is refused", async () => {
  const { isFolderName } = await part("exports.js");
  for (const name of ["Apple Red 1", "Pêche", "柿"]) assert.ok(isFolderName(name), name);
  for (const name of ["", ".", "..", "a/b", "a\\b", "a:b", ".x", "x.", " x", "a\nb", "a*"])
    assert.ok(!isFolderName(name), JSON.stringify(name));
});
