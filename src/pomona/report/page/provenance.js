function provenanceSection() {
  return el("dl", { class: "facts provenance" }, report.provenance.map(({ name, value }) =>
    el("div", {}, el("dt", {}, named(name)), el("dd", {}, named(value)))));
}
