function compareSection() {
  const { compare } = report;
  if (!compare) return null;
  const { other, rows, drift, new_examples: newOnes, gone_examples: gone, changed_examples: changedOnes, classes, by_label: byLabel } = compare;
  const changed = changedOnes && new Map(changedOnes.map(({ point, distance }) => [point, distance]));
  const changes = classes.filter(({ before, now }) => before !== now);
  return [
    el("p", {}, "Compared with ", named(other), `, which has ${counted(rows, "row")}.`),
    figures([
      [count(compare.new), "new"], [count(compare.gone), "gone"], [count(compare.changed), "changed"],
      drift && [decimal(drift.value), "drift", drift.how],
    ]),
    part("New pictures", null, newOnes.length > 0 && gallery(newOnes, (point) => named(labelName(points.label[point])), 12)),
    part("Changed pictures", "Of the same path, with other features.", changed?.size > 0
      && gallery([...changed.keys()], (point) => [named(labelName(points.label[point])), el("small", {}, `distance ${decimal(changed.get(point))}`)], 12)),
    part("Gone", null, gone.length > 0 && exampleList(gone.map((path) => ({ path })))),
    part("Classes that grew or shrank", null, changes.length > 0 && sortTable("Pictures by label, before and now", [
      { title: "Label", value: (row) => row.label, cell: (row) => named(row.label) },
      { title: "Before", number: true, value: (row) => row.before, cell: (row) => count(row.before) },
      { title: "Now", number: true, value: (row) => row.now, cell: (row) => count(row.now) },
      { title: "Change", number: true, value: (row) => row.now - row.before, cell: (row) => signed(row.now - row.before) },
    ], changes, { sorted: 3, descending: true, first: 12, what: "labels" })),
    part("Which labels drifted", null, byLabel.length > 0 && sortTable("Distance between before and now", [
      { title: "Label", value: (row) => row.label, cell: (row) => named(row.label) },
      { title: "Against the largest", bar: true, cell: (row) => bar(row.distance / byLabel.reduce((a, one) => Math.max(a, one.distance), 1e-12)) },
      { title: "Distance", number: true, value: (row) => row.distance, cell: (row) => decimal(row.distance) },
    ], byLabel, { sorted: 2, descending: true, first: 12, what: "labels" })),
  ];
}

function signed(number) {
  return number > 0 ? `+${count(number)}` : `\u2212${count(-number)}`;
}
