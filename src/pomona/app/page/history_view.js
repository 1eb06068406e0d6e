import { nameOf } from "./data.js";
import { button, el, named } from "./element.js";
import { correctionsZip, historyCsv, save } from "./exports.js";
import * as store from "./history_store.js";
import { day, percent, text } from "./language.js";

const view = document.getElementById("view-history");
let addresses = [];

function line(entry) {
  const address = URL.createObjectURL(entry.photo);
  addresses.push(address);
  const { labels: [first], unknown } = entry.answer;
  const name = unknown ? text("unknown") : nameOf(first.label);
  return el("li", {},
    el("a", { href: `#answer/${entry.id}` },
      el("img", { src: address, alt: "", width: 64, height: 64, loading: "lazy" }),
      el("span", {},
        el("strong", {}, named(name)),
        el("small", {}, unknown ? "" : `${percent(first.probability)} · `, day(entry.time),
          entry.correction !== null && [" · ", el("span", { class: "is-wrong" }, `${text("corrected")} `, named(entry.correction))]))),
    button("×", async () => {
      await store.remove(entry.id);
      await showHistory();
      document.getElementById("history-title").focus();
    }, { class: "plain", "aria-label": `${text("remove")}: ${name}` }));
}

/** Shows what is kept, the newest first. */
export async function showHistory() {
  const all = await store.entries().catch(() => null);
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  const corrections = (all ?? []).filter((entry) => entry.correction !== null).length;
  const date = new Date().toISOString().slice(0, 10);
  view.replaceChildren(...[
    el("h1", { id: "history-title", tabindex: -1 }, text("history")),
    all?.length ? el("p", { class: "soft" }, text("photos", all.length))
      : el("p", { class: "lead" }, text(all ? "historyEmpty" : "noStorage")),
    all?.length > 0 && el("p", { class: "row" },
      button(text("exportCsv"), () => save(historyCsv(all), `pomona-${date}.csv`)),
      corrections > 0 && button(text("exportCorrections", corrections), async () => save(await correctionsZip(all), `pomona-corrections-${date}.zip`)),
      button(text("removeAll"), async () => {
        if (!confirm(text("removeAllSure"))) return;
        await store.removeAll();
        showHistory();
      }, { class: "wrong" })),
    all?.length > 0 && el("ul", { class: "entries" }, all.map(line)),
    el("p", { class: "controls" }, el("a", { href: "#", class: "primary" }, text("next"))),
  ].filter(Boolean));
}
