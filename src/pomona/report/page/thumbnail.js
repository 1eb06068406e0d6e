/** Thumbnails are cells of sheets. A sheet is decoded when its first cell is shown. */
const sheetUrls = new Map();
const thumbnailCount = report.thumbnails ? numbers(report.thumbnails.point, Int32Array).length : 0;

function sheetUrl(sheet) {
  if (!sheetUrls.has(sheet)) {
    const [head, text] = report.thumbnails.sheets[sheet].split(",", 2);
    const type = head.slice("data:".length).split(";", 1)[0];
    sheetUrls.set(sheet, URL.createObjectURL(new Blob([numbers(text, Uint8Array)], { type })));
  }
  return sheetUrls.get(sheet);
}

/** Where the thumbnail of a point lies, or null where the page has none. */
function cellOf(point) {
  const image = points.image[point];
  if (image === undefined || image < 0 || !report.thumbnails) return null;
  const { columns, per_sheet: perSheet } = report.thumbnails;
  const sheet = Math.floor(image / perSheet);
  const cell = image - sheet * perSheet;
  // The last sheet is no wider than its cells.
  const wide = Math.min(columns, thumbnailCount - sheet * perSheet);
  return { sheet, wide, column: cell % columns, row: Math.floor(cell / columns) };
}

/** A square picture of the point: its thumbnail, or its file where that may be read, or an empty frame. */
function thumbnail(point) {
  const cell = cellOf(point);
  if (cell) {
    return el("span", {
      class: "thumb",
      style: {
        "background-image": `url("${sheetUrl(cell.sheet)}")`,
        "--columns": cell.wide,
        "--column": cell.column,
        "--row": cell.row,
      },
    });
  }
  const frame = el("span", { class: "thumb none" });
  const href = points.href(point);
  if (href) {
    const image = el("img", { src: href, alt: "", loading: "lazy", decoding: "async" });
    image.addEventListener("error", () => image.remove());
    frame.append(image);
  }
  return frame;
}

/** A thumbnail that opens the viewer; `list` holds the points that the viewer can go on to. */
function pictureButton(point, list) {
  return el(
    "button",
    { type: "button", class: "picture", "aria-label": describe(point), on: { click: () => openViewer(point, list) } },
    thumbnail(point),
  );
}
