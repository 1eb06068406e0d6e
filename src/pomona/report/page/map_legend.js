/**
 * The names of the map's colours. Pressed names are shown and others are grey; where none is pressed, all are shown.
 * Changes the set of pressed groups and calls `changed`, and calls `look` with the group under the pointer or focus, or
 * with null.
 */
function mapLegend({ title, groups }, colours, pressed, look, changed) {
  const all = button("Show all", () => press(null), { class: "quiet" });
  const entries = el("ul", {});
  const line = (i) => {
    const name = el("button", { type: "button", "aria-pressed": String(pressed.has(i)), "data-group": i, on: {
      click: () => press(i), pointerenter: () => look(i), pointerleave: () => look(null),
      focus: () => look(i), blur: () => look(null),
    } }, el("span", { class: "swatch", "aria-hidden": "true", style: { background: css(colours[i]) } }),
    named(groups[i].name), el("small", {}, count(groups[i].count)));
    return el("li", {}, name);
  };
  const press = (i) => {
    if (i === null) pressed.clear();
    else if (!pressed.delete(i)) pressed.add(i);
    for (const one of entries.querySelectorAll("button[data-group]")) {
      one.setAttribute("aria-pressed", String(pressed.has(Number(one.dataset.group))));
    }
    all.hidden = pressed.size === 0;
    changed();
  };
  const fill = (part) => {
    const some = groups.map((_, i) => i).filter((i) => groups[i].name.toLowerCase().includes(part));
    entries.replaceChildren(...some.slice(0, 300).map(line));
    if (some.length > 300) entries.append(el("li", { class: "soft" }, `and ${count(some.length - 300)} more: type a part of a name`));
  };
  fill("");
  all.hidden = pressed.size === 0;
  return el("div", { class: "legend", role: "group", "aria-label": `Colours: ${title}` },
    groups.length > 12 && labelSearch("Find a name in the legend", fill), entries, all);
}
