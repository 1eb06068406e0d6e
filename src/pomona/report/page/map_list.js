/** What an outline, or the window of the map, holds: how many of which label, their pictures, and their paths to keep. */
function mapList(list, where, clear) {
  if (list.length === 0) {
    return [el("p", { class: "remark" }, `No picture is in the ${where}. `, button("Close the list", clear, { class: "quiet" }))];
  }
  return [
    el("div", { class: "list-head" },
      el("h3", { tabindex: "-1" }, `${counted(list.length, "picture")} in the ${where}`),
      button("Save the paths", () => savePaths(list)), button("Close the list", clear)),
    el("p", { class: "soft" }, labelsOf(list)),
    gallery(list, (point) => [named(labelName(points.label[point])), predictionOf(point)], 36),
  ];
}

/** "Lemon 12, Mango 3", the most frequent first. */
function labelsOf(list) {
  const counts = new Map();
  for (const point of list) counts.set(points.label[point], (counts.get(points.label[point]) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const some = sorted.slice(0, 12).flatMap(([label, n], i) => [i ? ", " : "", named(labelName(label)), ` ${count(n)}`]);
  return sorted.length > 12 ? [...some, ` and ${counted(sorted.length - 12, "other label")}`] : some;
}

/** What was predicted, where that is another label. */
function predictionOf(point) {
  const predicted = points.predicted[point];
  if (predicted < 0 || predicted === points.label[point]) return null;
  return el("span", { class: "soft" }, "predicted ", named(labelName(predicted)));
}

/** One path a line, as a file that the browser saves. */
function savePaths(list) {
  const text = list.map((point) => `${points.path(point)}\n`).join("");
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  el("a", { href, download: "paths.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}
