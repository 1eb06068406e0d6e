import { data, nameOf } from "./data.js";
import { button, el, named } from "./element.js";
import { MOST_ENTRIES } from "./history_store.js";
import { canInstall, install, isInstalled } from "./install.js";
import { language, text } from "./language.js";

const view = document.getElementById("view-about");

function installLine() {
  if (isInstalled()) return el("p", { class: "soft" }, text("installed"));
  if (!canInstall()) return el("p", { class: "soft" }, text("installHow"));
  return el("p", {}, button(text("install"), async () => {
    await install();
    showAbout();
  }, { class: "primary" }));
}

/** What it does, what it keeps, and what it is made of. */
export function showAbout() {
  const kinds = [...data.labels].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language()));
  view.replaceChildren(
    el("h1", { id: "about-title", tabindex: -1 }, text("aboutTitle")),
    el("p", { class: "lead" }, text("aboutPrivacy")),
    el("p", {}, text("aboutStored", MOST_ENTRIES)),
    installLine(),
    el("h2", {}, text("aboutUse")),
    el("p", {}, text("aboutUseText")),
    el("h2", {}, text("aboutKinds")),
    el("details", {}, el("summary", {}, text("varietiesCount", kinds.length)),
      el("ul", { class: "kinds" }, kinds.map((label) => el("li", {}, named(nameOf(label)), nameOf(label) !== label && el("small", {}, " ", named(label)))))),
    el("dl", { class: "facts" },
      el("div", {}, el("dt", {}, text("aboutNetwork")), el("dd", {}, named(`${data.network.name}, ${data.network.precision}, ${data.network.licence}`))),
      el("div", {}, el("dt", {}, text("aboutVersion")), el("dd", {}, named(`Pomona ${data.pomona}, ${data.classifier.digest.slice(0, 19)}`))),
      el("div", {}, el("dt", {}, text("licences")), el("dd", {}, el("a", { href: "licences.txt" }, "licences.txt")))),
    el("p", { class: "controls" }, el("a", { href: "#", class: "primary" }, text("next"))),
  );
}
