/**
 * A chart of shares: both axes go from 0 to a given end. `draw` gets functions that place values and returns shapes.
 * The same numbers stand in a table below it, for who reads rather than looks.
 */
function chart({ title, across, up, toAcross = 1, toUp = 1, asAcross = percent0, asUp = percent0, draw, table }) {
  const [width, height, left, bottom] = [420, 300, 66, 44];
  const x = (value) => left + (width - left - 14) * value / toAcross;
  const y = (value) => height - bottom - (height - bottom - 12) * value / toUp;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const text = (words, at) => svg("text", at, words);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "chart" },
    ticks.map((tick) => svg("line", { class: "grid", x1: x(0), x2: x(toAcross), y1: y(tick * toUp), y2: y(tick * toUp) })),
    ticks.map((tick) => text(asUp(tick * toUp), { x: left - 8, y: y(tick * toUp) + 4, "text-anchor": "end" })),
    ticks.map((tick) => text(asAcross(tick * toAcross), { x: x(tick * toAcross), y: height - bottom + 18,
      "text-anchor": tick === 1 ? "end" : "middle" })),
    text(across, { x: x(toAcross / 2), y: height - 6, "text-anchor": "middle", class: "axis" }),
    text(up, { x: -y(toUp / 2), y: 12, "text-anchor": "middle", class: "axis", transform: "rotate(-90)" }),
    draw(x, y));
  return el("figure", { class: "chart-frame" }, el("figcaption", {}, title), picture, tableOf(title, table));
}

function percent0(share) {
  return `${Math.round(share * 100)}\u00a0%`;
}

/** The numbers of a chart: the headings, then rows of text. */
function tableOf(title, [heads, ...rows]) {
  return el("details", {}, el("summary", {}, "As a table"),
    el("table", {}, el("caption", { class: "hidden" }, title),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col", class: "number" }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", { class: "number" }, cell)))))));
}
