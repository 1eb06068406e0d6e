import { STRINGS } from "./strings.js";

const KEY = "pomona-language";
const listeners = [];
let current = chosen();

/** What was chosen before, else the first language of the browser that there is, else English. */
function chosen() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing has no choice to remember.
  }
  const wanted = [kept, ...navigator.languages].filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => Object.hasOwn(STRINGS, tag)) ?? "en";
}

export const language = () => current;

/** The text of that name. `count`: of a text with a number in it. */
export function text(name, count) {
  const found = STRINGS[current][name];
  return typeof found === "function" ? found(count, number(count)) : found;
}

/** The country's way of numbers and dates, where the browser names one. */
const locale = () => navigator.languages.find((tag) => tag.slice(0, 2) === current) ?? current;

export const number = (value) => new Intl.NumberFormat(locale()).format(value);

/** "87 %". No answer is certain, and none is impossible: the ends are "> 99 %" and "< 1 %". */
export function percent(share) {
  const shown = new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 });
  if (share > 0.99) return `> ${shown.format(0.99)}`;
  return share < 0.01 ? `< ${shown.format(0.01)}` : shown.format(share);
}

export const day = (time) => new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(time);

/** How sure a probability is, as a word. */
export const sureness = (share) => STRINGS[current].sure[[0.9, 0.7, 0.5, 0].findIndex((least) => share >= least)];

/** Calls `listener` now, and whenever the language changes. */
export function onLanguage(listener) {
  listeners.push(listener);
  listener();
}

function tell() {
  document.documentElement.lang = current;
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = text(one.dataset.text);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", text(one.dataset.label));
  const other = Object.keys(STRINGS).find((tag) => tag !== current);
  const button = document.getElementById("language");
  button.textContent = other.toUpperCase();
  button.setAttribute("aria-label", `${other.toUpperCase()} ${STRINGS[other].language}`);
  button.lang = other;
  for (const listener of listeners) listener();
}

export function startLanguage() {
  document.getElementById("language").addEventListener("click", () => {
    current = Object.keys(STRINGS).find((tag) => tag !== current);
    try {
      localStorage.setItem(KEY, current);
    } catch {
      // It holds until the page is closed.
    }
    tell();
  });
  tell();
}

/** Gives `element` another text of the page, in every language. */
export function retext(element, name, attribute = "label") {
  element.dataset[attribute] = name;
  if (attribute === "text") element.textContent = text(name);
  else element.setAttribute("aria-label", text(name));
}
