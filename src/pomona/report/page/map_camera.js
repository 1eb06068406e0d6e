/**
 * Which part of the map is seen: a place lies at `place * scale + x` and `+ y` of the window. Lengths are CSS pixels.
 * At the least scale the whole map is seen; 500 times that is the most.
 */
class Camera {
  scale = 1;
  x = 0;
  y = 0;
  width = 0;
  height = 0;
  #least = 1;

  /** How many times nearer than the whole map. */
  get nearness() {
    return this.scale / this.#least;
  }

  /** The window has another size; what was in its middle stays there. */
  resize(width, height) {
    const whole = this.width === 0 || this.scale <= this.#least;
    this.x += (width - this.width) / 2;
    this.y += (height - this.height) / 2;
    [this.width, this.height] = [width, height];
    this.#least = Math.min((width - 36) / (place.size.width || 1), (height - 36) / (place.size.height || 1));
    if (whole) this.showAll();
  }

  showAll() {
    [this.scale, this.x, this.y] = [this.#least, this.width / 2, this.height / 2];
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#stay();
  }

  /** Leaves what is at (x, y) where it is. Returns whether there was anything to zoom. */
  zoom(factor, x, y) {
    const scale = Math.min(this.#least * 500, this.scale * factor);
    if (scale <= this.#least) {
      const changed = this.scale > this.#least;
      if (changed) this.showAll();
      return changed;
    }
    const grown = scale / this.scale;
    [this.scale, this.x, this.y] = [scale, x - (x - this.x) * grown, y - (y - this.y) * grown];
    this.#stay();
    return true;
  }

  /** Brings a point into the middle, near enough to see its neighbours. */
  show(point) {
    this.scale = Math.max(this.scale, this.#least * 6);
    this.x = this.width / 2 - place.x[point] * this.scale;
    this.y = this.height / 2 - place.y[point] * this.scale;
  }

  /** The place in the map of what is at (x, y) of the window. */
  placeAt(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  /** The same for a canvas that has so many pixels for one of CSS. */
  onCanvas(ratio) {
    return { scale: this.scale * ratio, x: this.x * ratio, y: this.y * ratio };
  }

  /** Something of the map stays in the window, whatever was done. */
  #stay() {
    const reachX = (place.size.width / 2) * this.scale;
    const reachY = (place.size.height / 2) * this.scale;
    this.x = Math.max(40 - reachX, Math.min(this.width - 40 + reachX, this.x));
    this.y = Math.max(40 - reachY, Math.min(this.height - 40 + reachY, this.y));
  }
}
