/** Puts the sections together. A section without content shows its remarks in its place. */
const sections = {
  summary: summarySection,
  classes: classesSection,
  samples: samplesSection,
  map: mapSection,
  duplicates: duplicatesSection,
  wrong: wrongSection,
  trust: trustSection,
  rejects: rejectsSection,
  compare: compareSection,
  provenance: provenanceSection,
};

function fillSection(name, make) {
  const section = document.getElementById(name);
  const remarks = remarksOf(name);
  const content = make();
  if (content === null && name === "compare" && remarks.length === 0) {
    section.remove();
    document.querySelector(`nav a[href="#${name}"]`).parentElement.remove();
    return;
  }
  if (content === null && remarks.length === 0) remarks.push("There is nothing to show.");
  section.append(
    ...remarks.map((text) => el("p", { class: "remark" }, sentence(shown(text)))),
    el("div", { class: "content" }, content),
  );
}

/** The link of the section that is being read is marked in the navigation. */
function followReading() {
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const [name, link] of links) {
          if (name === target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
        const list = links.get(target.id).closest("ul");
        list.scrollLeft = links.get(target.id).offsetLeft - list.offsetLeft - 40;
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  for (const section of document.querySelectorAll("main > section")) seen.observe(section);
}

startTheme();
document
  .getElementById("made")
  .append(
    `${counted(report.summary.images, "picture")} of ${counted(report.summary.classes, "class", "classes")}, ` +
      `looked at on ${moment(report.made)}.`,
  );
document
  .getElementById("maker")
  .append(`Made by Pomona ${report.pomona}. All that this page shows also lies beside it as Parquet files.`);
for (const [name, make] of Object.entries(sections)) fillSection(name, make);
followReading();
