function trustSection() {
  const { trust } = report;
  if (!trust) return null;
  const { reliability, ece, coverage, unknown } = trust;
  return [
    figures([
      ece !== null && ece !== undefined && [percent(ece), "off, on average", "how far probability and truth are apart (ECE)"],
      coverage.length > 0 && [percent(coverage.at(-1).error), "wrong if all answers count"],
      halfOf(coverage),
      unknown && [count(unknown.count), "look like none that was learned", `of ${count(unknown.of)}`],
    ]),
    el("div", { class: "charts" },
      reliability.length > 0 && reliabilityChart(reliability),
      coverage.length > 0 && coverageChart(coverage),
      unknown && unknown.histogram.length > 0 && unknownChart(unknown)),
  ];
}

/** What is wrong among the surer half of the answers. */
function halfOf(coverage) {
  const half = coverage.findLast((at) => at.coverage <= 0.5);
  return half && [percent(half.error), `wrong among the surest ${percent0(half.coverage)}`];
}

function reliabilityChart(bins) {
  const most = bins.reduce((a, bin) => Math.max(a, bin.count), 1);
  return chart({
    title: "Is it as often right as it says?", across: "probability that is said", up: "share that is right",
    draw: (x, y) => [
      ...bins.map((bin) => svg("rect", { class: "bin", x: x(bin.from) + 1, width: Math.max(1, x(bin.to) - x(bin.from) - 2),
        y: y(bin.accuracy), height: y(0) - y(bin.accuracy), "fill-opacity": 0.3 + 0.7 * Math.sqrt(bin.count / most) })),
      svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
      ...bins.map((bin) => svg("circle", { class: "dot", cx: x(bin.confidence), cy: y(bin.accuracy), r: 3 })),
    ],
    table: [["Said", "Right", "Rows"], ...bins.map((bin) => [percent(bin.confidence), percent(bin.accuracy), count(bin.count)])],
  });
}

function coverageChart(coverage) {
  const most = coverage.reduce((a, at) => Math.max(a, at.error), 0);
  const top = [0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 1].find((end) => end >= most) ?? 1;
  return chart({
    title: "How many are wrong if only the surest count?", across: "share of answers that count, the surest first", up: "share that is wrong",
    toUp: top, asUp: (share) => `${Number((share * 100).toPrecision(2))}\u00a0%`,
    draw: (x, y) => {
      const line = coverage.map((at) => `${x(at.coverage)},${y(at.error)}`);
      return [
        svg("polygon", { class: "area", points: [`${x(coverage[0].coverage)},${y(0)}`, ...line, `${x(coverage.at(-1).coverage)},${y(0)}`].join(" ") }),
        svg("polyline", { class: "line", points: line.join(" ") }),
      ];
    },
    table: [["Answers", "Wrong"], ...coverage.map((at) => [percent(at.coverage), percent(at.error)])],
  });
}

/** The least round number that is not below a count, of which a quarter is round as well. */
function roundTop(most) {
  for (let unit = 1; ; unit *= 10) {
    const top = [4, 8, 12, 20, 28].find((steps) => steps * unit >= most);
    if (top) return top * unit;
  }
}

function unknownChart({ threshold, histogram }) {
  const end = Math.max(threshold, histogram.at(-1).to) || 1;
  const most = roundTop(histogram.reduce((a, bin) => Math.max(a, bin.count), 1));
  return chart({
    title: "How unlike all that was learned?", across: "how unlike; right of the line is unknown", up: "pictures", toAcross: end, toUp: most,
    asAcross: (value) => Number(value.toPrecision(2)).toString(), asUp: (value) => count(Math.round(value)),
    draw: (x, y) => [
      ...histogram.map((bin) => svg("rect", { class: bin.from >= threshold ? "bin other" : "bin", x: x(Math.max(0, bin.from)) + 0.5,
        width: Math.max(1, x(bin.to) - x(Math.max(0, bin.from)) - 1), y: y(bin.count), height: y(0) - y(bin.count) })),
      svg("line", { class: "threshold", x1: x(threshold), x2: x(threshold), y1: y(0), y2: y(most) }),
    ],
    table: [["From", "To", "Pictures"], ...histogram.map((bin) => [decimal(bin.from), decimal(bin.to), count(bin.count)])],
  });
}
