function samplesSection() {
  const { samples } = report;
  if (!samples) return null;
  const offsets = numbers(samples.by_label.offsets, Int32Array);
  const shown = numbers(samples.by_label.point, Int32Array);
  const of = (label) =>
    Array.from(label < 0 ? shown.subarray(offsets.at(-1)) : shown.subarray(offsets[label], offsets[label + 1]));
  const labels = [...report.labels.keys(), -1].filter((label) => of(label).length > 0);
  const frame = el("div");
  const show = (part) => {
    const some = labels.filter((label) => labelName(label).toLowerCase().includes(part));
    const strips = el("div", { class: "strips" });
    const make = (label) => sampleStrip(label, of(label));
    frame.replaceChildren(
      strips,
      ...fillSome(strips, some, make, 12, "labels"),
      some.length === 0 ? el("p", { class: "soft" }, "No label has that in its name.") : "",
    );
  };
  show("");
  return [
    el("p", { class: "soft" }, `${count(samples.shown)} of ${counted(samples.of, "picture")} are shown here.`),
    labels.length > 12 && labelSearch("Find a label in the samples", show),
    frame,
  ];
}

/** A field that calls `find` with what was typed, in small letters. */
function labelSearch(title, find) {
  const input = el("input", {
    type: "search",
    placeholder: "Find a label",
    "aria-label": title,
    autocomplete: "off",
    on: { input: () => find(input.value.trim().toLowerCase()) },
  });
  return input;
}

/** The pictures of a label in one line. They are made when the line comes near the window, or is printed. */
function sampleStrip(label, list) {
  const line = el("ul", { class: "strip" });
  const strip = el(
    "div",
    { class: "sample" },
    el("h3", {}, named(labelName(label)), " ", el("small", {}, count(list.length))),
    line,
  );
  const fill = () => {
    nearWindow.unobserve(strip);
    if (line.childElementCount === 0) line.append(...list.map((point) => el("li", {}, pictureButton(point, list))));
  };
  fills.set(strip, fill);
  nearWindow.observe(strip);
  return strip;
}

const fills = new WeakMap();
const nearWindow = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) fills.get(entry.target)();
  },
  { rootMargin: "600px" },
);
addEventListener("beforeprint", () => {
  for (const strip of document.querySelectorAll(".sample")) fills.get(strip)();
});
