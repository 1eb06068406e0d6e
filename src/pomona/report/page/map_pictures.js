/** Thumbnails in place of points: at most one in each square of the map, so that they can be told apart. */
class PicturePainter {
  #images = new Map();
  #chosen = new Map();
  #drawn = [];
  #loaded;

  /** `loaded` is called when a sheet has come that was not there when it was wanted. */
  constructor(loaded) {
    this.#loaded = loaded;
  }

  #sheet(sheet) {
    if (!this.#images.has(sheet)) {
      const image = new Image();
      image.addEventListener("load", this.#loaded);
      image.src = sheetUrl(sheet);
      this.#images.set(sheet, image);
    }
    const image = this.#images.get(sheet);
    return image.complete && image.naturalWidth > 0 ? image : null;
  }

  /** A point with a thumbnail for each square. Squares stay where they are; each doubling of the scale halves them. */
  #choose(squares, takes, key) {
    const name = `${squares} ${key}`;
    if (!this.#chosen.has(name)) {
      const taken = new Map();
      for (const i of place.points) {
        if (points.image[i] < 0 || !takes(i)) continue;
        const square = Math.floor((place.x[i] + 1) * squares) * 1e6 + Math.floor((place.y[i] + 1) * squares);
        if (!taken.has(square)) taken.set(square, i);
      }
      if (this.#chosen.size > 24) this.#chosen.clear();
      this.#chosen.set(name, [...taken.values()]);
    }
    return this.#chosen.get(name);
  }

  /** `key` names what `takes` takes, so that it need not be asked for every picture of a movement. */
  paint(context, view, width, height, side, takes, key, colourOf) {
    const squares = 2 ** Math.round(Math.log2(view.scale / (side * 1.4)));
    const cellSide = report.thumbnails.side;
    const line = Math.max(1, side / 24);
    this.#drawn = [];
    for (const i of this.#choose(squares, takes, key)) {
      const left = place.x[i] * view.scale + view.x - side / 2;
      const top = place.y[i] * view.scale + view.y - side / 2;
      if (left < -side || top < -side || left > width || top > height) continue;
      const cell = cellOf(i);
      const image = this.#sheet(cell.sheet);
      if (!image) continue;
      context.fillStyle = css(colourOf(i));
      context.fillRect(left - line, top - line, side + 2 * line, side + 2 * line);
      context.drawImage(image, cell.column * cellSide, cell.row * cellSide, cellSide, cellSide, left, top, side, side);
      this.#drawn.push({ point: i, left, top, side });
    }
  }

  /** The point whose picture was drawn last at a place of the canvas, or -1. */
  at(x, y) {
    const hit = this.#drawn.findLast(
      ({ left, top, side }) => x >= left && x < left + side && y >= top && y < top + side,
    );
    return hit ? hit.point : -1;
  }
}
