function summarySection() {
  const { images, rows, rejects, classes, dim, compared_dim: compared, features, network, finished, seconds,
    images_per_second: speed, cost, accuracy } = report.summary;
  return [
    figures([
      [count(images), images === 1 ? "picture" : "pictures", rows === images ? null : `${counted(rows, "row")} in the table`],
      [count(classes), classes === 1 ? "class" : "classes"],
      rejects !== null && [count(rejects), rejects === 1 ? "reject" : "rejects", rejects ? "could not be read as pictures" : null],
      [count(dim), "numbers a picture", compared === dim ? null : `${count(compared)} of them are compared`],
      seconds !== null && [duration(seconds), "to extract", speed === null ? null : `${count(Math.round(speed))} pictures a second`],
    ]),
    accuracy && accuracySection(accuracy),
    el("p", { class: "soft" }, "Features: ", named(features),
      network && !features.includes(network) && [", network ", named(network)],
      finished && `. Finished ${moment(finished)}`, cost && `. Cost: ${cost}`, "."),
  ];
}

/** Accuracy is never shown without its honest figure, or why there is none. */
function accuracySection({ honest, official }) {
  return el("div", { class: "accuracy" },
    honest ? accuracyFigure("Right, honestly", honest, "honest")
      : el("div", { class: "honest" }, el("h3", {}, "Right, honestly"), el("p", { class: "unknown-figure" }, "not known"),
        el("p", {}, "No picture was judged by what nothing like it had taught. The figure beside this one may be too kind.")),
    official && accuracyFigure("Right, as usually measured", official, "official"));
}

function accuracyFigure(title, { value, low, high, rows, how }, kind) {
  return el("div", { class: kind }, el("h3", {}, title),
    el("p", { class: "large-figure" }, percent(value)),
    el("span", { class: "interval", "aria-hidden": "true" },
      el("span", { style: { left: `${low * 100}%`, width: `${(high - low) * 100}%` } }),
      el("i", { style: { left: `${value * 100}%` } })),
    el("p", {}, `${percent(low)} to ${percent(high)}, 95\u00a0% interval; ${counted(rows, "row")}`),
    el("p", { class: "soft" }, how));
}
