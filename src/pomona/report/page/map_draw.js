/** Draws points into pixels, each a small disc: 100,000 of them in a few milliseconds, without help of a GPU. */

/** So many points hide the steps of each other's edges, which need not be smooth. */
const MANY_POINTS = 30000;

/** Where a disc covers pixels around its middle, and how much of each: 1 to 256. */
function discOf(radius, smooth) {
  const reach = Math.ceil(radius);
  const disc = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const covered = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)));
      const alpha = smooth ? Math.round(covered * 256) : covered >= 0.4 ? 256 : 0;
      if (alpha > 8) disc.push({ dx, dy, alpha });
    }
  }
  return disc;
}

class PointPainter {
  #context;
  #image = null;
  #pixels = null;

  constructor(canvas) {
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
  }

  /** Pixels for a canvas of this size, with a margin in which discs at its edge may end. */
  #clear(width, height, margin) {
    if (this.#image?.width !== width + 2 * margin || this.#image.height !== height + 2 * margin) {
      this.#image = new ImageData(width + 2 * margin, height + 2 * margin);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    } else {
      this.#pixels.fill(0);
    }
  }

  /**
   * view: {scale, x, y}, where pixel = place * scale + x. layers: [{points, radius, colours, of}], the later ones on top;
   * `of` says which of the colours, [red, green, blue], a point has: the first without it.
   */
  paint(view, width, height, layers) {
    const margin = Math.max(...layers.map(({ radius }) => Math.ceil(radius))) + 1;
    this.#clear(width, height, margin);
    for (const layer of layers) this.#discs(view, width, height, margin, layer);
    this.#context.putImageData(this.#image, -margin, -margin);
  }

  #discs(view, width, height, margin, { points: list, radius, colours, of }) {
    const stride = width + 2 * margin;
    const pixels = this.#pixels;
    const disc = discOf(radius, list.length < MANY_POINTS);
    const steps = Int32Array.from(disc, ({ dx, dy }) => dy * stride + dx);
    const alphas = Int32Array.from(disc, ({ alpha }) => alpha);
    const packed = Uint32Array.from(colours, ([red, green, blue]) => 0xff000000 | (blue << 16) | (green << 8) | red);
    for (const i of list) {
      const column = Math.round(place.x[i] * view.scale + view.x);
      const row = Math.round(place.y[i] * view.scale + view.y);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const colour = packed[of ? of[i] : 0];
      const middle = (row + margin) * stride + column + margin;
      for (let k = 0; k < steps.length; k++) {
        const at = middle + steps[k];
        pixels[at] = alphas[k] === 256 ? colour : blended(pixels[at], colour, alphas[k]);
      }
    }
  }
}

/** A colour that covers a part of what is there, of 256; both are packed as the canvas keeps them. */
function blended(there, colour, part) {
  const old = there >>> 24;
  if (old === 0) return (colour & 0xffffff) | (Math.min(255, part) << 24);
  const rest = 256 - part;
  const even = (Math.imul(colour & 0xff00ff, part) + Math.imul(there & 0xff00ff, rest)) >>> 8 & 0xff00ff;
  const odd = (Math.imul(colour >>> 8 & 0xff, part) + Math.imul(there >>> 8 & 0xff, rest)) & 0xff00;
  return (Math.max(old, part - 1) << 24) | even | odd;
}
