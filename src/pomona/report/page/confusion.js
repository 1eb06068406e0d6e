/** How often each label was predicted as each other. */
function confusionSection(confusion) {
  const label = numbers(confusion.label, Int32Array);
  const predicted = numbers(confusion.predicted, Int32Array);
  const times = numbers(confusion.count, Int32Array);
  const cells = Array.from(label, (a, i) => ({ label: a, predicted: predicted[i], count: times[i] }));
  const of = new Map();
  for (const cell of cells) of.set(cell.label, (of.get(cell.label) ?? 0) + cell.count);
  for (const cell of cells) cell.share = cell.count / of.get(cell.label);
  const pictures = el("div", { class: "cell-pictures" });
  const open = (cell) => showCell(pictures, cell);
  const present = [...new Set(cells.flatMap((cell) => [cell.label, cell.predicted]))].sort((a, b) => a - b);
  if (present.length <= 30) return [confusionTable(present, cells, open), pictures];
  const mistaken = cells.filter((cell) => cell.label !== cell.predicted);
  return [el("div", { class: "two" }, confusionList(mistaken, open),
    present.length <= 1000 ? confusionCanvas(present, cells, open)
      : el("p", { class: "remark" }, `A matrix of ${count(present.length)} labels is too large to be drawn.`)), pictures];
}

function confusionList(mistaken, open) {
  if (mistaken.length === 0) return el("p", {}, "No label was taken for another.");
  return sortTable("Which label is taken for which other", [
    { title: "Label", value: (cell) => labelName(cell.label), cell: (cell) => named(labelName(cell.label)) },
    { title: "Predicted", value: (cell) => labelName(cell.predicted), cell: (cell) => named(labelName(cell.predicted)) },
    { title: "Times", number: true, value: (cell) => cell.count,
      cell: (cell) => button(count(cell.count), () => open(cell), { class: "link",
        "aria-label": `${count(cell.count)}, show ${labelName(cell.label)} predicted as ${labelName(cell.predicted)}` }) },
    { title: "Of the label", number: true, value: (cell) => cell.share, cell: (cell) => percent(cell.share) },
  ], mistaken, { sorted: 2, descending: true, first: 12, what: "confusions" });
}

/** Every label by every other, each cell a number that opens its pictures. */
function confusionTable(present, cells, open) {
  const found = new Map(cells.map((cell) => [`${cell.label} ${cell.predicted}`, cell]));
  const cellOfTwo = (a, b) => {
    const cell = found.get(`${a} ${b}`);
    if (!cell) return el("td", {});
    const kind = a === b ? "right" : "wrong";
    return el("td", { class: kind, style: { "--share": cell.share } }, button(count(cell.count), () => open(cell),
      { "aria-label": `${count(cell.count)} of ${labelName(a)} predicted as ${labelName(b)}` }));
  };
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Confusion matrix" },
    el("table", { class: "confusion" },
      el("caption", {}, "Rows are labels, columns are predictions. Press a number for its pictures."),
      el("thead", {}, el("tr", {}, el("td"), present.map((b) => el("th", { scope: "col" }, named(labelName(b)))))),
      el("tbody", {}, present.map((a) => el("tr", {}, el("th", { scope: "row" }, named(labelName(a))),
        present.map((b) => cellOfTwo(a, b)))))));
}

/** The same as a picture, where there are too many labels for numbers; the list beside it says all in words. */
function confusionCanvas(present, cells, open) {
  const n = present.length;
  const at = new Map(present.map((label, i) => [label, i]));
  const side = Math.max(1, Math.floor(960 / n));
  const canvas = el("canvas", { role: "img", width: n * side, height: n * side,
    "aria-label": "Confusion matrix as a picture: rows are labels, columns are predictions; the table has the numbers." });
  const found = new Map(cells.map((cell) => [at.get(cell.label) * n + at.get(cell.predicted), cell]));
  const words = el("p", { class: "soft", "aria-hidden": "true" }, "Rows are labels, columns are predictions. Point at a cell, click it for its pictures.");
  const cellAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * n);
    const row = Math.floor((event.clientY - box.top) / box.height * n);
    return found.get(row * n + column);
  };
  canvas.addEventListener("pointermove", (event) => {
    const cell = cellAt(event);
    canvas.style.cursor = cell ? "pointer" : "default";
    if (cell) words.replaceChildren(named(labelName(cell.label)), " predicted as ", named(labelName(cell.predicted)), `: ${count(cell.count)}`);
  });
  canvas.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) open(cell);
  });
  onTheme(() => drawConfusion(canvas, found, n, side));
  return el("figure", { class: "confusion-picture" }, canvas, words);
}

function drawConfusion(canvas, found, n, side) {
  const [right, wrong] = paletteOf(2, isDark());
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (const [place, cell] of found) {
    const [red, green, blue] = cell.label === cell.predicted ? right : wrong;
    context.fillStyle = `rgb(${red} ${green} ${blue} / ${0.2 + 0.8 * Math.sqrt(cell.share)})`;
    context.fillRect(place % n * side, Math.floor(place / n) * side, Math.max(1, side - (side > 3)), Math.max(1, side - (side > 3)));
  }
}

/** The pictures of one cell, of those that the page has. */
function showCell(frame, cell) {
  const list = [];
  for (let i = 0; i < points.count; i++) {
    if (points.label[i] === cell.label && points.predicted[i] === cell.predicted) list.push(i);
  }
  list.sort((a, b) => Number(points.image[b] >= 0) - Number(points.image[a] >= 0) || a - b);
  const title = el("h3", { tabindex: "-1" }, named(labelName(cell.label)), " predicted as ", named(labelName(cell.predicted)),
    " ", el("small", {}, list.length < cell.count ? `${count(list.length)} of ${count(cell.count)} are in this page` : count(cell.count)));
  frame.replaceChildren(title, gallery(list, (point) => sureOf(point), 18));
  title.focus();
}
