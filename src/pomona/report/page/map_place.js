/** Where points are in the map, and which lie near a place: a grid of cells over them, each a few points. */
const place = points.y ? placeOf(points.x, points.y) : null;

/** Coordinates moved and scaled so that the longer side of what they span is 1 and its middle is 0. */
function placeOf(givenX, givenY) {
  const placed = [];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < givenX.length; i++) {
    if (!Number.isFinite(givenX[i]) || !Number.isFinite(givenY[i])) continue;
    placed.push(i);
    left = Math.min(left, givenX[i]);
    right = Math.max(right, givenX[i]);
    top = Math.min(top, givenY[i]);
    bottom = Math.max(bottom, givenY[i]);
  }
  if (placed.length === 0) return null;
  const span = Math.max(right - left, bottom - top) || 1;
  const x = Float32Array.from(givenX, (value) => (value - (left + right) / 2) / span);
  const y = Float32Array.from(givenY, (value) => ((top + bottom) / 2 - value) / span);
  const size = { width: (right - left) / span, height: (bottom - top) / span };
  return { x, y, points: shuffled(placed), size, grid: gridOf(x, y, placed) };
}

/** The same order for every visit, in which no label lies on top of another because of its name. */
function shuffled(list) {
  let state = 1;
  const order = Int32Array.from(list);
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

function gridOf(x, y, placed) {
  const side = Math.max(1, Math.min(512, Math.round(Math.sqrt(placed.length / 3))));
  const cell = (value) => Math.max(0, Math.min(side - 1, Math.floor((value + 0.5) * side)));
  const starts = new Int32Array(side * side + 1);
  for (const i of placed) starts[cell(y[i]) * side + cell(x[i]) + 1]++;
  for (let c = 0; c < side * side; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  const items = new Int32Array(placed.length);
  for (const i of placed) items[next[cell(y[i]) * side + cell(x[i])]++] = i;
  return { cell, side, starts, items };
}

/** Calls `visit` with each point of the cells that a rectangle touches. */
function visitNear(left, top, right, bottom, visit) {
  const { cell, side, starts, items } = place.grid;
  for (let row = cell(top); row <= cell(bottom); row++) {
    const end = starts[row * side + cell(right) + 1];
    for (let k = starts[row * side + cell(left)]; k < end; k++) visit(items[k]);
  }
}

/** The point nearest to a place, no farther than `reach`, among those that `takes` says yes to; or -1. */
function nearestTo(x, y, reach, takes) {
  let [best, least] = [-1, reach * reach];
  visitNear(x - reach, y - reach, x + reach, y + reach, (i) => {
    const distance = (place.x[i] - x) ** 2 + (place.y[i] - y) ** 2;
    if (distance <= least && takes(i)) [best, least] = [i, distance];
  });
  return best;
}

function hasPlace(point) {
  return place !== null && Number.isFinite(place.x[point]) && Number.isFinite(place.y[point]);
}

/** The k points that lie nearest to a point in the map, the nearest first. */
function nearestPoints(point, k) {
  if (!hasPlace(point)) return [];
  const [x, y] = [place.x[point], place.y[point]];
  const distance = (i) => (place.x[i] - x) ** 2 + (place.y[i] - y) ** 2;
  for (let reach = 2 / place.grid.side; ; reach *= 2) {
    const near = [];
    visitNear(x - reach, y - reach, x + reach, y + reach, (i) => {
      if (i !== point && distance(i) <= reach * reach) near.push(i);
    });
    if (near.length >= k || reach > 2) {
      return near.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, k);
    }
  }
}
