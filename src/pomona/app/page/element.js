/** An HTML element. Children that are strings become text, never markup; null and false are left out. */
export function el(name, { on = {}, style = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  // Through the object model, as the page's policy forbids style attributes.
  for (const [property, value] of Object.entries(style)) made.style.setProperty(property, value);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A name from the data. It keeps its direction to itself, whatever is written around it. */
export const named = (text) => el("bdi", { class: "name" }, text);

export const button = (text, click, properties = {}) => el("button", { type: "button", on: { click }, ...properties }, text);

/** A page of somebody else, opened only if a person taps it; it does not learn where from. */
export function outside(address, text) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}
