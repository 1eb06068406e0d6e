/**
 * Numbers of the `count` prototypes nearest to `position`, the nearest first, the first of equals. `positions` is
 * [prototypes][rank]; `kind` is "cosine" or "distance", as of the classifier.
 */
export function nearest(position, positions, kind, count = 3) {
  const rank = position.length;
  const far = [];
  for (let first = 0; first + rank <= positions.length; first += rank) {
    let product = 0, square = 0;
    for (let i = 0; i < rank; ++i) {
      product += position[i] * positions[first + i];
      square += positions[first + i] ** 2;
    }
    // What all prototypes share is left out: the length of the photo's own position.
    far.push(kind === "cosine" ? -product / Math.sqrt(Math.max(square, 1e-30)) : square - 2 * product);
  }
  return [...far.keys()].sort((a, b) => far[a] - far[b] || a - b).slice(0, count);
}
