/** Draws points into pixels, each a small disc: 100,000 of them in a few milliseconds, without help of a GPU. */

/** Where a disc covers pixels around its middle, and how much of each: 1 to 255. */
function discOf(radius) {
  const reach = Math.ceil(radius);
  const disc = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const covered = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)));
      if (covered > 0.04) disc.push({ dx, dy, alpha: Math.round(covered * 255) });
    }
  }
  return { reach, disc };
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
   * view: {scale, x, y}, where pixel = place * scale + x. layers: [{points, radius, colour(point)}], the later ones on
   * top; a colour is [red, green, blue], given for each group as `colours` and `of`.
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
    const { disc } = discOf(radius);
    const steps = Int32Array.from(disc, ({ dx, dy }) => dy * stride + dx);
    const alphas = Int32Array.from(disc, ({ alpha }) => alpha);
    const packed = Uint32Array.from(colours, ([red, green, blue]) => (blue << 16) | (green << 8) | red);
    for (const i of list) {
      const column = Math.round(place.x[i] * view.scale + view.x);
      const row = Math.round(place.y[i] * view.scale + view.y);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const colour = packed[of ? of[i] : 0];
      const middle = (row + margin) * stride + column + margin;
      for (let k = 0; k < steps.length; k++) {
        const at = middle + steps[k];
        pixels[at] = alphas[k] === 255 ? colour | 0xff000000 : blended(pixels[at], colour, alphas[k]);
      }
    }
  }
}

/** A colour that covers a part of what is there; all are packed as the canvas keeps them. */
function blended(there, colour, alpha) {
  const old = there >>> 24;
  if (old === 0) return (colour | (alpha << 24)) >>> 0;
  const rest = 255 - alpha;
  const part = (shift) => (((colour >>> shift) & 255) * alpha + ((there >>> shift) & 255) * rest) / 255 << shift;
  return ((Math.max(old, alpha) << 24) | part(16) | part(8) | part(0)) >>> 0;
}
