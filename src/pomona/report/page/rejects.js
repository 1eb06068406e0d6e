function rejectsSection() {
  const { rejects } = report;
  if (!rejects) return null;
  if (rejects.count === 0) return el("p", {}, "Every file was read as a picture.");
  const most = rejects.reasons.reduce((a, reason) => Math.max(a, reason.count), 1);
  return [
    figures([[count(rejects.count), rejects.count === 1 ? "file is no picture" : "files are no pictures"]]),
    el("ul", { class: "reasons" }, rejects.reasons.map((reason) => el("li", {},
      el("div", { class: "reason" }, el("h3", {}, named(reason.reason.replaceAll("_", " "))), bar(reason.count / most, "bad"),
        el("span", { class: "number" }, count(reason.count))),
      el("details", {}, el("summary", {}, reason.examples.length < reason.count
        ? `${count(reason.examples.length)} of their ${count(reason.count)} paths` : "Their paths"),
      exampleList(reason.examples))))),
  ];
}

function exampleList(examples) {
  const list = el("ul", { class: "paths" });
  const make = ({ path, message }) => el("li", {}, named(path), message ? el("small", {}, named(message)) : null);
  return [list, fillSome(list, examples, make, 20, "paths")];
}
