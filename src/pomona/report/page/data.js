/** The data of the page, as docs/format/report.md has it. */
const report = JSON.parse(document.getElementById("report-data").textContent);

/** Numbers that are base64 of little-endian values of the kind of array. */
function numbers(text, Kind) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return new Kind(bytes.buffer);
}

/** The same, or an array of one value where the page has none. */
function numbersOr(text, Kind, length, value) {
  return text ? numbers(text, Kind) : new Kind(length).fill(value);
}

const points = readPoints(report.points ?? { count: 0, prefix: "", paths: [], href_prefix: null });

function readPoints(given) {
  const { count: n, prefix, paths } = given;
  const hrefPrefix = isFileUrl(given.href_prefix) ? given.href_prefix : null;
  const predicted = numbersOr(given.predicted, Int32Array, n, -1);
  return {
    count: n,
    x: given.y ? numbers(given.x, Float32Array) : null,
    y: given.y ? numbers(given.y, Float32Array) : null,
    label: numbersOr(given.label, Int32Array, n, -1),
    split: numbersOr(given.split, Int32Array, n, -1),
    hasPredictions: Boolean(given.predicted),
    predicted,
    /** How sure the prediction is; NaN where there is none. */
    probability: numbersOr(given.probability, Float32Array, n, NaN).map((sure, i) => (predicted[i] < 0 ? NaN : sure)),
    unknown: given.unknown ? numbers(given.unknown, Uint8Array) : null,
    image: numbersOr(given.image, Int32Array, n, -1),
    row: given.row ? numbers(given.row, Int32Array) : null,
    path: (point) => prefix + (paths[point] ?? ""),
    /** Where a browser may open the picture, or null. */
    href(point) {
      if (hrefPrefix === null || paths[point] === undefined) return null;
      return hrefPrefix + paths[point].toWellFormed().split("/").map(encodeURIComponent).join("/");
    },
  };
}

/** Whether an address, beside this page, is a file: no other is ever asked for. */
function isFileUrl(address) {
  return typeof address === "string" && URL.parse(address, location.href)?.protocol === "file:";
}

const NO_LABEL = "no label";

function labelName(label) {
  return label < 0 ? NO_LABEL : report.labels[label] || "(empty)";
}

/** One line that says which picture this is, for who cannot see it. */
function describe(point) {
  const parts = [labelName(points.label[point])];
  if (points.predicted[point] >= 0 && points.predicted[point] !== points.label[point]) {
    parts.push(`predicted ${labelName(points.predicted[point])}`);
  }
  return [...parts, points.path(point)].join(", ");
}

function remarksOf(section) {
  return (report.remarks ?? []).filter((remark) => remark.section === section).map((remark) => remark.text);
}
