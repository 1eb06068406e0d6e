function classesSection() {
  if (!report.classes) return null;
  const splits = report.splits.length > 0 ? report.splits : ["pictures"];
  const counts = numbers(report.classes.count, Int32Array);
  const rows = report.labels.map((label, i) => {
    const some = Array.from(counts.subarray(i * splits.length, (i + 1) * splits.length));
    return { label: i, some, total: some.reduce((a, b) => a + b, 0) };
  });
  const largest = rows.reduce((most, row) => Math.max(most, row.total), 1);
  const columns = [
    { title: "Label", value: (row) => labelName(row.label), cell: (row) => named(labelName(row.label)) },
    { title: "Share", bar: true, cell: (row) => splitBar(row, largest) },
    { title: "Pictures", number: true, value: (row) => row.total, cell: (row) => count(row.total) },
    ...report.splits.map((split, i) =>
      ({ title: named(split), number: true, value: (row) => row.some[i], cell: (row) => count(row.some[i]) })),
  ];
  return [sizesOf(rows), aloneList(), report.splits.length > 1 && splitLegend(),
    sortTable("Pictures by label", columns, rows, { sorted: 2, descending: true, what: "labels" })];
}

/** How far the classes are from being of one size. */
function sizesOf(rows) {
  const present = rows.filter((row) => row.total > 0).map((row) => row.total).sort((a, b) => a - b);
  if (present.length === 0) return null;
  const { ratio, alone } = report.classes;
  return figures([
    [count(present.at(-1)), "in the largest class"],
    [count(present[present.length >> 1]), "in the median class"],
    [count(present[0]), "in the smallest class"],
    [ratio.toFixed(ratio < 10 ? 1 : 0), "times larger is the largest than the smallest"],
    report.splits.length > 1 && [count(alone.length), alone.length === 1 ? "label is in one split alone" : "labels are in one split alone"],
  ]);
}

function aloneList() {
  const { alone } = report.classes;
  if (report.splits.length < 2 || alone.length === 0) return null;
  const some = alone.slice(0, 40);
  return el("p", {}, "In one split alone: ", some.flatMap((label, i) => [i ? ", " : "", named(labelName(label))]),
    alone.length > some.length ? ` and ${count(alone.length - some.length)} more.` : ".");
}

function splitBar(row, largest) {
  return el("span", { class: "stacked", "aria-hidden": "true" }, row.some.map((some, i) =>
    el("span", { class: `split-${i % 4}`, style: { width: `${some / largest * 100}%` } })));
}

function splitLegend() {
  return el("ul", { class: "split-legend" }, report.splits.map((split, i) =>
    el("li", {}, el("span", { class: `swatch split-${i % 4}`, "aria-hidden": "true" }), named(split))));
}
