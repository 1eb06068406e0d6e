let theMap = null;

function mapSection() {
  if (!place) return null;
  theMap = new MapView();
  return [place.points.length < points.count
    && el("p", { class: "soft" }, `${counted(points.count - place.points.length, "picture")} without a place in the map: without features.`),
  theMap.elements()];
}

function showInMap(point) {
  theMap.show(point);
}

/** What is said of the point under the pointer. */
function mapTip(point) {
  const split = points.split[point];
  const facts = [named(labelName(points.label[point])), split >= 0 && el("small", {}, named(report.splits[split]))];
  if (points.predicted[point] >= 0) {
    const right = points.predicted[point] === points.label[point];
    const sure = points.probability[point];
    facts.push(el("small", { class: right ? null : "is-wrong" }, right ? "predicted so" : ["predicted ", named(labelName(points.predicted[point]))],
      Number.isNaN(sure) ? null : `, ${percent(sure)}`));
  }
  if (points.unknown?.[point]) facts.push(el("small", {}, "looks like none that was learned"));
  facts.push(el("small", { class: "path" }, named(points.path(point).split("/").slice(-2).join("/"))));
  return [thumbnail(point), el("div", {}, facts)];
}
