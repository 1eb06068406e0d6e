"use strict";

/** An HTML element. Children that are strings become text, never markup; null and false are left out. */
function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  setProperties(made, properties);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** An SVG element, as `el` makes those of HTML. */
function svg(name, properties = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setProperties(made, properties);
  made.append(...children.flat(Infinity));
  return made;
}

/** `on` holds listeners and `style` declarations; what is null is left out, all else is an attribute. */
function setProperties(element, { on = {}, style = {}, ...attributes }) {
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  for (const [property, value] of Object.entries(style)) element.style.setProperty(property, value);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(attribute, value);
  }
}

/** A name from the data. It keeps its direction to itself, whatever is written around it. */
function named(text) {
  return el("bdi", { class: "name" }, text === "" ? "(empty)" : text);
}

function button(text, click, properties = {}) {
  return el("button", { type: "button", on: { click }, ...properties }, text);
}

/** Buttons of which one is pressed. `choices` are [value, text]; `choose` is called with the value. */
function choice(title, choices, chosen, choose) {
  const buttons = choices.map(([value, text]) => button(text, (event) => {
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === event.currentTarget));
    choose(value);
  }, { "aria-pressed": String(value === chosen) }));
  return el("div", { class: "choice", role: "group", "aria-label": title }, buttons);
}
