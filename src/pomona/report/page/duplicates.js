function duplicatesSection() {
  const { duplicates } = report;
  if (!duplicates) return null;
  const { sets, exact_sets: exact, across_splits: splits, across_labels: labels, threshold, pairs, shown, of } = duplicates;
  if (sets === 0 && pairs.length === 0) {
    return el("p", {}, `No two pictures are nearer to each other than ${decimal(threshold)}.`);
  }
  const frame = el("div");
  const show = (takes) => {
    const some = pairs.filter(takes);
    const list = el("ul", { class: "pairs" });
    frame.replaceChildren(list, ...fillSome(list, some, (pair) => pairOf(pair), 12, "pairs"));
  };
  const kinds = [
    [() => true, `All ${count(pairs.length)}`, true],
    [(pair) => pair.splits, "Across splits", pairs.some((pair) => pair.splits)],
    [(pair) => pair.labels, "Across labels", pairs.some((pair) => pair.labels)],
    [(pair) => pair.exact, "Exact", pairs.some((pair) => pair.exact)],
    [(pair) => !pair.exact, "Near", pairs.some((pair) => pair.exact) && pairs.some((pair) => !pair.exact)],
  ].filter(([, , there]) => there);
  show(kinds[0][0]);
  return [
    figures([
      [count(sets), sets === 1 ? "set of pictures that are alike" : "sets of pictures that are alike", `nearer than ${decimal(threshold)}`],
      [count(exact), exact === 1 ? "set is the same file or pixels" : "sets are the same file or pixels"],
      report.splits.length > 1 && [count(splits), "across splits", splits ? "a test that has them is too kind" : null],
      [count(labels), "across labels", labels ? "one of two labels is wrong" : null],
    ]),
    shown < of && el("p", { class: "soft" }, `${count(shown)} of ${counted(of, "pair")} are shown.`),
    kinds.length > 1 && choice("Which pairs", kinds, kinds[0][0], show),
    frame,
  ];
}

/** Two pictures side by side, and what is wrong with there being two. */
function pairOf({ a, b, distance, exact, splits, labels }) {
  const side = (point) => el("div", { class: "half" }, pictureButton(point, [a, b]),
    el("div", { class: "caption" }, named(labelName(points.label[point])),
      points.split[point] >= 0 && el("small", {}, named(report.splits[points.split[point]]))));
  return el("li", { class: "pair" }, el("div", { class: "halves" }, side(a), side(b)),
    el("p", { class: "caption" }, el("span", {}, exact ? "exact" : `distance ${decimal(distance)}`),
      splits && el("span", { class: "tag wrong" }, "across splits"),
      labels && el("span", { class: "tag wrong" }, "across labels")));
}
