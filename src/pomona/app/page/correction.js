import { data, nameOf } from "./data.js";
import { button, el, named } from "./element.js";
import { isFolderName } from "./exports.js";
import { text } from "./language.js";

const MOST_SHOWN = 60;
const dialog = document.getElementById("correction");
const plain = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Labels that a search finds, in either language; those that the answer named come first. */
function found(search, first) {
  const wanted = plain(search.trim());
  const order = [...first, ...data.labels.filter((label) => !first.includes(label))];
  return order.filter((label) => plain(label).includes(wanted) || plain(nameOf(label)).includes(wanted));
}

/** Asks what the fruit is. Resolves to a label, null (it was right after all), or undefined: nothing was said. */
export function askLabel(entry) {
  return new Promise((resolve) => {
    let said;
    const choose = (label) => {
      said = label;
      dialog.close();
    };
    const input = el("input", { type: "search", id: "correction-search", autocomplete: "off", autocapitalize: "words",
      "aria-describedby": "correction-why", on: { input: list } });
    const results = el("ul", { class: "choices" });

    function list() {
      const name = input.value.trim().normalize("NFC");
      const known = found(name, entry.answer.labels.map((one) => one.label).filter((label) => data.labels.includes(label)));
      const isNew = name !== "" && !data.labels.includes(name);
      const bad = isNew && !isFolderName(name);
      input.setAttribute("aria-invalid", String(bad));
      results.replaceChildren(...[
        ...known.slice(0, MOST_SHOWN).map((label) => el("li", {}, button([named(nameOf(label)), nameOf(label) !== label && el("small", {}, named(label))], () => choose(label)))),
        isNew && !bad && el("li", {}, button([`${text("useNew")} `, el("strong", {}, named(name))], () => choose(name))),
        bad && known.length === 0 && el("li", { class: "soft", role: "alert" }, text("badName")),
      ].filter(Boolean));
    }

    dialog.replaceChildren(el("div", { class: "sheet" },
      el("h2", { id: "correction-title" }, text("correctionTitle")),
      el("p", { id: "correction-why", class: "soft" }, text("correctionWhy")),
      el("label", { for: "correction-search", class: "hidden" }, text("search")),
      input, results,
      el("p", { class: "row" },
        entry.correction !== null && button(text("removeCorrection"), () => choose(null)),
        button(text("cancel"), () => dialog.close()))));
    input.placeholder = text("search");
    list();
    dialog.addEventListener("close", () => resolve(said), { once: true });
    dialog.showModal();
  });
}
