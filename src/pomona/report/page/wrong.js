function wrongSection() {
  const { wrong } = report;
  if (!wrong) return null;
  const { by, confusion, mistakes, doubtful, label_issues: issues } = wrong;
  return [
    el("p", { class: "soft" }, "Judged by: ", named(by), "."),
    part("Which is taken for which", null, confusion && confusionSection(confusion)),
    part("Most confident mistakes", ["Sure, and wrong: either the picture is hard, or its label is wrong.", ofHowMany(mistakes, wrong.mistakes_of)],
      mistakes.length > 0 && gallery(mistakes, mistakeOf, 12, "mistakes")),
    part("Least confident hits", "Right, but barely: more pictures of these kinds would help most.",
      doubtful.length > 0 && gallery(doubtful, (point) => [named(labelName(points.label[point])), sureOf(point)], 12, "hits")),
    part("Suspected label errors", ["What other pictures of the label do not look like. The score is how well the label fits: 0 is not at all.",
      ofHowMany(issues, wrong.label_issues_of)],
      issues.length > 0 && issueGallery(issues)),
  ];
}

/** Says so where a list is only the first of more. */
function ofHowMany(list, of) {
  return of > list.length && ` These are the first ${count(list.length)} of ${count(of)}.`;
}

/** A part of a section under a heading of its own; without content it is left out. */
function part(title, words, content) {
  return content && el("div", { class: "part" }, el("h3", {}, title), words && el("p", { class: "soft" }, words), content);
}

function sureOf(point) {
  return Number.isNaN(points.probability[point]) ? null : el("small", {}, percent(points.probability[point]), " sure");
}

function mistakeOf(point) {
  return [named(labelName(points.label[point])),
    el("span", { class: "is-wrong" }, "predicted ", named(labelName(points.predicted[point]))), sureOf(point)];
}

function issueGallery(issues) {
  const of = new Map(issues.map((issue) => [issue.point, issue]));
  return gallery([...of.keys()], (point) => {
    const { suggested, score } = of.get(point);
    return [named(labelName(points.label[point])), el("span", { class: "is-wrong" }, "looks like ", named(labelName(suggested))),
      el("small", {}, `score ${decimal(score)}`)];
  }, 12, "suspected labels");
}
