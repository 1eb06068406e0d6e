/** The dialog that shows one picture large, with its row and what lies beside it in the map. */
const viewer = document.getElementById("viewer");
const viewerContent = el("div");
const viewerSaid = el("p", { class: "hidden", role: "status" });
viewer.append(viewerContent, viewerSaid);
/** Goes on by so many pictures, or null where there is but one. */
let stepInViewer = null;

/** Opens the picture of a point; `list` holds the points that the arrows go through. */
function openViewer(point, list) {
  showInViewer(point, list);
  if (!viewer.open) viewer.showModal();
}

function showInViewer(point, list) {
  const at = list.indexOf(point);
  const step = (by) => showInViewer(list[(at + by + list.length) % list.length], list);
  const title = el("h2", { id: "viewer-title" }, named(labelName(points.label[point])));
  const head = el("div", { class: "viewer-head" }, title,
    list.length > 1 && el("span", { class: "soft" }, `${count(at + 1)} of ${count(list.length)}`),
    list.length > 1 && button("←", () => step(-1), { id: "viewer-before", "aria-label": "The picture before" }),
    list.length > 1 && button("→", () => step(1), { id: "viewer-next", "aria-label": "The next picture" }),
    button("Close", () => viewer.close(), { id: "viewer-close" }));
  const focused = document.activeElement?.id;
  viewerContent.replaceChildren(head, el("div", { class: "viewer-body" }, largePicture(point),
    el("div", {}, rowOf(point), mapPlace(point), besideInMap(point))));
  // What was pressed is there again, and is pressed again without being looked for.
  if (viewer.open) {
    document.getElementById(focused?.startsWith("viewer-") ? focused : "viewer-close").focus();
    viewerSaid.textContent = describe(point);
  }
  stepInViewer = list.length > 1 ? step : null;
}

/** The file itself where this page may read it, else the thumbnail, larger than it is. */
function largePicture(point) {
  const frame = el("figure", { class: "large" }, thumbnail(point));
  const words = el("figcaption", {}, cellOf(point) ? "The thumbnail, enlarged: the file cannot be read from here."
    : "The page has no thumbnail of it, and the file cannot be read from here.");
  const href = points.href(point);
  if (!href) frame.append(words);
  else {
    const image = el("img", { src: href, alt: describe(point) });
    image.addEventListener("load", () => frame.replaceChildren(image));
    image.addEventListener("error", () => frame.append(words));
  }
  return frame;
}

/** What the table says of the picture. */
function rowOf(point) {
  const facts = [["Path", named(points.path(point))], ["Label", named(labelName(points.label[point]))]];
  if (points.row) facts.push(["Row", count(points.row[point])]);
  if (points.split[point] >= 0) facts.push(["Split", named(report.splits[points.split[point]])]);
  if (points.predicted[point] >= 0) {
    const right = points.predicted[point] === points.label[point];
    facts.push(["Prediction", [named(labelName(points.predicted[point])),
      points.label[point] >= 0 && el("span", { class: right ? "tag right" : "tag wrong" }, right ? "right" : "wrong")]]);
  }
  if (!Number.isNaN(points.probability[point])) facts.push(["Probability", percent(points.probability[point])]);
  if (points.unknown) facts.push(["Kind", points.unknown[point] ? "unknown: unlike all that was learned" : "known"]);
  return el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function mapPlace(point) {
  return hasPlace(point) && button("Show in the map", () => {
    viewer.close();
    showInMap(point);
  });
}

/** The pictures nearest in the map, which is a drawing: near there is not always near in the features. */
function besideInMap(point) {
  const near = nearestPoints(point, 12);
  return near.length > 0 && [el("h3", {}, "Beside it in the map"),
    el("ul", { class: "strip" }, near.map((other) => el("li", {}, pictureButton(other, near))))];
}

viewer.addEventListener("keydown", (event) => {
  if (!stepInViewer || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  stepInViewer(event.key === "ArrowLeft" ? -1 : 1);
});
viewer.addEventListener("click", (event) => {
  if (event.target === viewer) viewer.close();
});
