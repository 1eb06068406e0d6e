import { cardView } from "./card_view.js";
import { cardFor, data, nameOf } from "./data.js";
import { button, el, named } from "./element.js";
import { percent, sureness, text } from "./language.js";

const view = document.getElementById("view-answer");
let shownPhoto = null;

/** An address of the one photo that is shown. */
function photoAddress(photo) {
  if (shownPhoto) URL.revokeObjectURL(shownPhoto);
  shownPhoto = URL.createObjectURL(photo);
  return shownPhoto;
}

/** The name in the page's language, and the label where that is another. */
function title(label) {
  const name = nameOf(label);
  return [named(name), name !== label && el("span", { class: "label" }, named(label))];
}

function meter(share) {
  return el("span", { class: "meter", "aria-hidden": "true" }, el("span", { style: { "--share": share } }));
}

function known({ labels: [first, ...others] }) {
  return [
    el("h1", { id: "answer-title", tabindex: -1 }, title(first.label)),
    el("p", { class: "sureness" },
      el("span", { class: "hidden" }, text("sureness"), " "),
      el("strong", {}, sureness(first.probability)), " ", el("span", { class: "number" }, percent(first.probability)), meter(first.probability)),
    el("h2", { class: "small" }, text("runnersUp")),
    el("ol", { class: "runners", start: 2 }, others.map(({ label, probability }) =>
      el("li", {}, el("span", { class: "runner" }, title(label)), el("span", { class: "number" }, percent(probability)), meter(probability)))),
  ];
}

/** A cell of a sheet of pictures, or what its file is called where there is none. */
function picture({ sheet, cell, name }) {
  if (sheet === null) return el("span", { class: "thumb none" }, el("small", {}, named(name), " ", text("noPicture")));
  const { columns } = data.prototypes;
  return el("span", { class: "thumb", "aria-hidden": "true", style: {
    "background-image": `url("${data.prototypes.sheets[sheet].file}")`, "--columns": columns,
    "--column": cell % columns, "--row": Math.floor(cell / columns), "--rows": data.prototypes.sheets[sheet].rows } });
}

function unknown({ nearest }) {
  const near = nearest.map((i) => data.prototypes.pictures[i]).filter(Boolean);
  return [
    el("h1", { id: "answer-title", tabindex: -1 }, text("unknown")),
    el("p", { class: "lead" }, text("unknownWhy", data.labels.length)),
    near.length > 0 && el("h2", { class: "small" }, text("nearest")),
    el("ul", { class: "nearest" }, near.map((one) => el("li", {}, picture(one), title(data.labels[one.label])))),
  ];
}

function correctionLine(entry, correct) {
  if (entry.correction === null) return button(text("wrong"), () => correct(entry), { class: "wrong" });
  return el("p", { class: "corrected" }, `${text("corrected")} `, el("strong", {}, named(entry.correction)), " ",
    button(text("change"), () => correct(entry), { class: "link" }));
}

/** Shows an entry of the history. `correct` is called with it when a person says that it is wrong. */
export function showAnswer(entry, correct) {
  const { answer } = entry;
  // An answer of an older app may name a label that is gone; it is shown as it was.
  const card = answer.unknown ? null : cardFor(answer.labels[0].label);
  view.replaceChildren(
    el("div", { class: "photo" }, el("img", { src: photoAddress(entry.photo), alt: "" })),
    el("div", { class: "said" },
      answer.unknown ? unknown(answer) : known(answer),
      correctionLine(entry, correct)),
    !answer.unknown && el("div", { class: "beside" }, cardView(card)),
    el("p", { class: "controls" }, el("a", { href: "#", class: "primary" }, text("next"))),
  );
}

/** While the network computes: the photo alone, a Blob or an ImageBitmap, which is drawn at once. */
export function showLooking(source) {
  let picture;
  if (source instanceof ImageBitmap) {
    picture = el("canvas", { width: source.width, height: source.height });
    picture.getContext("2d").drawImage(source, 0, 0);
  } else {
    picture = el("img", { src: photoAddress(source), alt: "" });
  }
  view.replaceChildren(el("div", { class: "photo looking" }, picture),
    el("div", { class: "said" }, el("h1", { id: "answer-title", tabindex: -1 }, text("looking"))));
}
