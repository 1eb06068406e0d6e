import { data, told } from "./data.js";
import { el, named, outside } from "./element.js";
import { text } from "./language.js";

/** The host of an address, which is what a reader knows a source by. */
function host(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return address;
  }
}

const isAddress = (address) => /^https?:/.test(address ?? "");
const cited = (address) => isAddress(address) && outside(address, host(address));

function row(name, value, source) {
  return value && el("div", {}, el("dt", {}, text(name)), el("dd", {}, value, cited(source) && el("small", {}, cited(source))));
}

/** How many labels of this classifier are on the card, of which the names are told. */
function varieties(card) {
  const known = card.labels.filter((label) => data.labels.includes(label));
  const count = text("varietiesCount", known.length);
  if (known.length < 2) return count;
  return el("details", {}, el("summary", {}, count), el("p", {}, known.map((label, i) => [i > 0 && ", ", named(label)])));
}

/** What is worth knowing of a fruit. What has no source is not told. */
export function cardView(card) {
  if (!card) return el("p", { class: "soft" }, text("noCard"));
  const sources = [card.source_1, card.source_2].filter(isAddress);
  const sourced = sources.length > 0;
  const fact = isAddress(card.fact_source) && told(card, "fact");
  return el("article", { class: "card", "aria-labelledby": "card-title" },
    el("h2", { id: "card-title" }, named(told(card, "name"))),
    el("p", { class: "scientific", lang: "la" }, named(card.scientific_name)),
    fact && el("figure", { class: "fact" },
      el("blockquote", {}, el("p", {}, fact)),
      el("figcaption", {}, text("source"), " ", cited(card.fact_source))),
    el("dl", {},
      row("family", card.family),
      sourced && row("origin", told(card, "origin")),
      isAddress(card.season_source) && row("season", told(card, "season"), card.season_source),
      row("varieties", varieties(card)),
    ),
    el("footer", {},
      el("p", {}, sourced ? [text("sources"), " ", sources.map((source, i) => [i > 0 && ", ", cited(source)])] : text("noSource")),
      el("p", {}, text("licence"), " ", named(card.licence))));
}
