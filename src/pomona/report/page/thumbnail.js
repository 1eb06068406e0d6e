/** Thumbnails are cells of sheets. A sheet is an image from when its first cell is wanted. */
const sheetImages = new Map();
/** Which cell a thumbnail on the page shows. */
const cellsShown = new WeakMap();
const thumbnailCount = report.thumbnails ? numbers(report.thumbnails.point, Int32Array).length : 0;

function sheetImage(sheet) {
  if (!sheetImages.has(sheet)) {
    const [head, text] = report.thumbnails.sheets[sheet].split(",", 2);
    const type = head.slice("data:".length).split(";", 1)[0];
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([numbers(text, Uint8Array)], { type }));
    sheetImages.set(sheet, image);
  }
  return sheetImages.get(sheet);
}

/** Whether the browser has the sheet of a cell, so that the cell can be drawn. */
function isThere({ sheet }) {
  const image = sheetImage(sheet);
  return image.complete && image.naturalWidth > 0;
}

/** Draws a cell as a square. */
function drawCell(context, { sheet, column, row }, left, top, side) {
  const from = report.thumbnails.side;
  context.drawImage(sheetImage(sheet), column * from, row * from, from, from, left, top, side, side);
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
    const square = el("span", {
      class: "thumb",
      style: {
        "background-image": `url("${sheetImage(cell.sheet).src}")`,
        "--columns": cell.wide,
        "--column": cell.column,
        "--row": cell.row,
      },
    });
    cellsShown.set(square, cell);
    return square;
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
