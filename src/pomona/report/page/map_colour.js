/** What the map can be coloured by: names, and of each point which of them it has; -1 is none. */
function mapColourings() {
  const right = (i) =>
    points.predicted[i] < 0 || points.label[i] < 0 ? -1 : Number(points.predicted[i] !== points.label[i]);
  const found = [
    colouring("Label", report.labels, (i) => points.label[i], NO_LABEL),
    colouring("Split", report.splits, (i) => points.split[i], "no split"),
    points.hasPredictions && colouring("Prediction", report.labels, (i) => points.predicted[i], "no prediction"),
    points.hasPredictions && colouring("Right or wrong", ["right", "wrong"], right, "not judged"),
    points.unknown && colouring("Unknown", ["known", "unknown"], (i) => points.unknown[i], "not judged"),
  ].filter((one) => one && one.groups.some((group) => !group.none));
  return found.length > 0 ? found : [colouring("Pictures", ["picture"], () => 0, "")];
}

/** Names that no point has are left out. The last group are the points that have none, if there are any. */
function colouring(title, names, groupOf, none) {
  const counts = new Map();
  const given = new Int32Array(points.count);
  for (const i of place.points) {
    given[i] = groupOf(i);
    counts.set(given[i], (counts.get(given[i]) ?? 0) + 1);
  }
  const present = [...counts.keys()].filter((group) => group >= 0).sort((a, b) => a - b);
  const groups = present.map((group) => ({ name: names[group] || "(empty)", count: counts.get(group), index: group }));
  if (counts.has(-1)) groups.push({ name: none, count: counts.get(-1), none: true });
  const at = new Map(present.map((group, i) => [group, i]));
  return { title, groups, names: names.length, of: given.map((group) => at.get(group) ?? groups.length - 1) };
}

/** The colours of the groups, as [red, green, blue]. Of two names each keeps its own, even without the other. */
function coloursOf({ groups, names }, dark) {
  const palette = paletteOf(names, dark);
  return groups.map((group, i) => (group.none ? greyOf(dark) : palette[names > 2 ? i : group.index]));
}
