/**
 * Fills a container with what `make` makes of the first items. Returns what belongs after it: a button that shows
 * more, and a line that says in print how many are left out.
 */
function fillSome(container, items, make, first, what) {
  let shown = 0;
  const more = button("", () => show(Math.max(first, shown)), { class: "more" });
  const left = el("p", { class: "left-out" });
  const show = (many) => {
    const next = items.slice(shown, shown + many);
    container.append(...next.map(make));
    shown += next.length;
    const rest = items.length - shown;
    more.textContent = `Show ${count(Math.min(rest, Math.max(first, shown)))} more of ${count(items.length)} ${what}`;
    left.textContent = `${count(rest)} more of ${count(items.length)} ${what} are not printed.`;
    more.hidden = left.hidden = rest === 0;
  };
  show(first);
  return [more, left];
}

/** A grid of pictures with what `caption` says of each: elements or text. */
function gallery(list, caption, first = 24, what = "pictures") {
  const pictures = el("ul", { class: "gallery" });
  const make = (point) => el("li", {}, pictureButton(point, list), el("div", { class: "caption" }, caption(point)));
  return el("div", {}, pictures, fillSome(pictures, list, make, first, what));
}

/** Numbers with the words for them: [[number, word, remark], ...]. */
function figures(list) {
  return el("dl", { class: "figures" }, list.filter(Boolean).map(([number, word, remark]) =>
    el("div", {}, el("dt", {}, word), el("dd", { class: "figure" }, number), remark && el("dd", {}, remark))));
}

/** A bar as long as a share of 1; the number beside it is what is read. */
function bar(share, kind = "") {
  return el("span", { class: `meter ${kind}`, "aria-hidden": "true" },
    el("span", { style: { width: `${Math.max(0, Math.min(1, share)) * 100}%` } }));
}
