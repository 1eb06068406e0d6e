/** What the map can be coloured by: names, and of each point which of them it has; -1 is none. */
function mapColourings() {
  const right = (i) => (points.predicted[i] < 0 || points.label[i] < 0 ? -1 : Number(points.predicted[i] !== points.label[i]));
  return [
    colouring("label", "Label", report.labels, (i) => points.label[i], NO_LABEL),
    colouring("split", "Split", report.splits, (i) => points.split[i], "no split"),
    points.hasPredictions && colouring("prediction", "Prediction", report.labels, (i) => points.predicted[i], "no prediction"),
    points.hasPredictions && colouring("right", "Right or wrong", ["right", "wrong"], right, "not judged"),
    points.unknown && colouring("unknown", "Unknown", ["known", "unknown"], (i) => points.unknown[i], "not judged"),
  ].filter((one) => one && one.groups.length > 0);
}

/** Names that no point has are left out. The last group are the points that have none, if there are any. */
function colouring(key, title, names, groupOf, none) {
  const counts = new Map();
  const given = new Int32Array(points.count);
  for (const i of place.points) {
    given[i] = groupOf(i);
    counts.set(given[i], (counts.get(given[i]) ?? 0) + 1);
  }
  const present = [...counts.keys()].filter((group) => group >= 0).sort((a, b) => a - b);
  const groups = present.map((group) => ({ name: names[group] || "(empty)", count: counts.get(group) }));
  if (groups.length > 0 && counts.has(-1)) groups.push({ name: none, count: counts.get(-1), none: true });
  const at = new Map(present.map((group, i) => [group, i]));
  return { key, title, groups, of: given.map((group) => at.get(group) ?? groups.length - 1) };
}

/** The colours of the groups, as [red, green, blue]. */
function coloursOf({ groups }, dark) {
  const palette = paletteOf(groups.filter((group) => !group.none).length, dark);
  return groups.map((group, i) => (group.none ? greyOf(dark) : palette[i]));
}
