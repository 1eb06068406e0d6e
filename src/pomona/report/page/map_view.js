/** The map: what is seen of it, in which colours, and what is chosen in it. All lengths are CSS pixels. */
class MapView {
  #dots = el("canvas", { "aria-hidden": "true" });
  #marks = el("canvas", { "aria-hidden": "true" });
  #tip = el("div", { class: "tip", "aria-hidden": "true", hidden: "" });
  #said = el("p", { class: "hidden", role: "status" });
  #legend = el("div", { class: "legend-frame" });
  #list = el("div", { class: "map-list" });
  #area = el("div", { class: "map-area", tabindex: "0", role: "application", "aria-describedby": "map-help",
    "aria-label": "Map of the pictures" }, this.#dots, this.#marks, this.#tip);
  #painter = new PointPainter(this.#dots);
  #pictures = new PicturePainter(() => this.#redraw());
  #view = { scale: 1, x: 0, y: 0 };
  #size = { width: 0, height: 0 };
  #least = 1;
  #asPictures = false;
  #lassoing = false;
  #outline = null;
  #hovered = -1;
  #colouring;
  #colours;
  #pressed = new Set();
  #looked = null;
  #chosen = null;
  #lit = [];
  #dim = [];
  #litKey = 0;
  #waiting = 0;
  #sayLater = 0;

  constructor() {
    this.#colourBy(mapColourings()[0] ?? colouring("none", "Pictures", [], () => -1, "pictures"));
    listenToGestures(this.#area, {
      pan: (dx, dy) => this.#pan(dx, dy), zoom: (factor, x, y) => this.#zoom(factor, x, y), reset: () => this.#reset(),
      hover: (x, y) => this.#hover(this.#pointAt(x, y), x, y), leave: () => this.#hover(-1),
      open: (x, y) => this.#open(this.#pointAt(x, y)), current: () => this.#open(this.#middlePoint()),
      lasso: (outline, ended) => this.#lasso(outline, ended),
    }, () => this.#lassoing);
    for (const event of ["focus", "blur"]) this.#area.addEventListener(event, () => this.#redraw());
    new ResizeObserver(() => this.#resize()).observe(this.#area);
    onTheme(() => this.#recolour());
  }

  elements() {
    const colourings = mapColourings();
    const tools = el("div", { class: "map-tools" },
      colourings.length > 1 && el("div", { class: "tool" }, el("span", {}, "Colour by"),
        choice("Colour by", colourings.map((one) => [one, one.title]), colourings[0], (one) => this.#colourBy(one))),
      report.thumbnails && el("div", { class: "tool" }, el("span", {}, "Show"),
        choice("Show as", [[false, "Points"], [true, "Pictures"]], false, (pictures) => {
          this.#asPictures = pictures;
          this.#redraw();
        })),
      el("div", { class: "tool" }, this.#lassoButton(), button("List what is in view", () => this.#listView()))
    );
    const zoom = el("div", { class: "map-zoom" },
      button("+", () => this.#zoom(1.6), { "aria-label": "Nearer" }),
      button("\u2212", () => this.#zoom(1 / 1.6), { "aria-label": "Farther" }),
      button("Whole map", () => this.#reset()));
    this.#colourBy(colourings[0] ?? this.#colouring);
    return [tools, el("div", { class: "map-frame" }, el("div", { class: "map-window" }, this.#area, zoom), this.#legend),
      el("p", { class: "soft screen", id: "map-help" }, "Drag to move, wheel or two fingers to come nearer, click for the picture, Shift and drag "
        + "to draw an outline. With keys: arrows move, + and \u2212 zoom, 0 shows all, Enter opens the picture in the middle."),
      this.#said, this.#list];
  }

  /** Brings a point into the middle, near enough to see its neighbours. */
  show(point) {
    this.#area.scrollIntoView({ block: "center" });
    const scale = Math.max(this.#view.scale, this.#least * 6);
    this.#view = { scale, x: this.#size.width / 2 - place.x[point] * scale, y: this.#size.height / 2 - place.y[point] * scale };
    this.#area.focus({ preventScroll: true });
    this.#moved();
    this.#hover(point, this.#size.width / 2, this.#size.height / 2);
  }

  // What is seen.

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#area;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    for (const canvas of [this.#dots, this.#marks]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const whole = this.#size.width === 0 || this.#view.scale <= this.#least;
    this.#view.x += (width - this.#size.width) / 2;
    this.#view.y += (height - this.#size.height) / 2;
    this.#size = { width, height };
    this.#least = Math.min((width - 36) / (place.size.width || 1), (height - 36) / (place.size.height || 1));
    if (whole) this.#reset();
    else this.#draw();
  }

  #reset() {
    this.#view = { scale: this.#least, x: this.#size.width / 2, y: this.#size.height / 2 };
    this.#moved();
  }

  #pan(dx, dy) {
    this.#view.x += dx;
    this.#view.y += dy;
    this.#moved();
  }

  /** Returns whether there was anything to zoom: at the whole map the page may scroll instead. */
  #zoom(factor, x = this.#size.width / 2, y = this.#size.height / 2) {
    const scale = Math.min(this.#least * 500, this.#view.scale * factor);
    if (scale <= this.#least) {
      const changed = this.#view.scale > this.#least;
      if (changed) this.#reset();
      return changed;
    }
    const grown = scale / this.#view.scale;
    this.#view = { scale, x: x - (x - this.#view.x) * grown, y: y - (y - this.#view.y) * grown };
    this.#moved();
    return true;
  }

  /** Something of the map stays in the window, whatever was done. */
  #moved() {
    const { width, height } = this.#size;
    const reachX = place.size.width / 2 * this.#view.scale;
    const reachY = place.size.height / 2 * this.#view.scale;
    this.#view.x = Math.max(40 - reachX, Math.min(width - 40 + reachX, this.#view.x));
    this.#view.y = Math.max(40 - reachY, Math.min(height - 40 + reachY, this.#view.y));
    this.#area.classList.toggle("nearer", this.#view.scale > this.#least);
    this.#hover(-1);
    this.#redraw();
    if (this.#usesKeys()) this.#say(this.#middlePoint());
  }

  #usesKeys() {
    return this.#area.matches(":focus-visible");
  }

  // What is meant.

  #colourBy(one) {
    this.#colouring = one;
    this.#pressed = new Set();
    this.#looked = null;
    this.#recolour();
  }

  #recolour() {
    this.#colours = coloursOf(this.#colouring, isDark());
    this.#legend.replaceChildren(mapLegend(this.#colouring, this.#colours, this.#pressed, (group) => {
      this.#looked = group;
      this.#light();
    }, () => this.#light()));
    this.#light();
  }

  /** Which points are in colour: of a pressed group, or of the one looked at, and in what was outlined. */
  #light() {
    const { of } = this.#colouring;
    const groups = this.#looked === null ? this.#pressed : new Set([this.#looked]);
    const isLit = (i) => (groups.size === 0 || groups.has(of[i])) && (this.#chosen === null || this.#chosen.has(i));
    const all = groups.size === 0 && this.#chosen === null;
    this.#lit = all ? place.points : place.points.filter(isLit);
    this.#dim = all ? [] : place.points.filter((i) => !isLit(i));
    this.isLit = isLit;
    this.#litKey++;
    this.#redraw();
  }

  #pointAt(x, y) {
    const picture = this.#asPictures ? this.#pictures.at(x * devicePixelRatio, y * devicePixelRatio) : -1;
    if (picture >= 0) return picture;
    const { scale, x: left, y: top } = this.#view;
    const nearest = (takes) => nearestTo((x - left) / scale, (y - top) / scale, 16 / scale, takes);
    const lit = nearest(this.isLit);
    return lit >= 0 ? lit : nearest(() => true);
  }

  #middlePoint() {
    const { width, height } = this.#size;
    const { scale, x, y } = this.#view;
    return nearestTo((width / 2 - x) / scale, (height / 2 - y) / scale, Math.max(width, height) / 2 / scale, this.isLit);
  }

  #open(point) {
    if (point >= 0) openViewer(point, [point]);
  }

  #hover(point, x, y) {
    if (point < 0 && this.#hovered < 0) return;
    if (point !== this.#hovered) {
      this.#hovered = point;
      this.#tip.hidden = point < 0;
      if (point >= 0) {
        this.#tip.replaceChildren(...mapTip(point));
        this.#say(point);
      }
      this.#area.classList.toggle("over", point >= 0);
      this.#redraw();
    }
    if (point < 0) return;
    const { offsetWidth: wide, offsetHeight: high } = this.#tip;
    this.#tip.style.left = `${Math.max(0, x + 20 + wide > this.#size.width ? x - 20 - wide : x + 20)}px`;
    this.#tip.style.top = `${Math.max(0, Math.min(this.#size.height - high, y - high / 2))}px`;
  }

  /** Says which picture it is, once the pointer or the keys have come to rest. */
  #say(point) {
    clearTimeout(this.#sayLater);
    this.#sayLater = setTimeout(() => {
      this.#said.textContent = point < 0 ? "No picture here." : describe(point);
    }, 250);
  }

  #lassoButton() {
    return button("Draw an outline", (event) => {
      this.#lassoing = !this.#lassoing;
      event.currentTarget.setAttribute("aria-pressed", String(this.#lassoing));
      this.#area.classList.toggle("lassoing", this.#lassoing);
    }, { "aria-pressed": "false" });
  }

  #lasso(outline, ended) {
    this.#outline = outline;
    this.#hover(-1);
    this.#redraw();
    if (!ended) return;
    const { scale, x, y } = this.#view;
    const corners = outline.map(([cornerX, cornerY]) => [(cornerX - x) / scale, (cornerY - y) / scale]);
    this.#outline = null;
    if (corners.length > 2) this.#listIn(corners, "outline");
  }

  #listView() {
    const { scale, x, y } = this.#view;
    const [left, top] = [-x / scale, -y / scale];
    const [right, bottom] = [(this.#size.width - x) / scale, (this.#size.height - y) / scale];
    this.#listIn([[left, top], [right, top], [right, bottom], [left, bottom]], "view");
  }

  #listIn(corners, where) {
    this.#chosen = null;
    this.#light();
    const [across, down] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const least = (list) => list.reduce((a, b) => Math.min(a, b));
    const most = (list) => list.reduce((a, b) => Math.max(a, b));
    const list = [];
    visitNear(least(across), least(down), most(across), most(down), (i) => {
      if (this.isLit(i) && isInside(corners, place.x[i], place.y[i])) list.push(i);
    });
    list.sort((a, b) => a - b);
    this.#list.replaceChildren(...mapList(list, where, () => {
      this.#chosen = null;
      this.#list.replaceChildren();
      this.#light();
      this.#area.focus({ preventScroll: true });
    }));
    this.#said.textContent = `${counted(list.length, "picture")} in the ${where}, listed below the map.`;
    if (where === "outline" && list.length > 0) {
      this.#chosen = new Set(list);
      this.#light();
    }
  }

  // How it is drawn.

  #redraw() {
    if (this.#waiting || this.#size.width === 0) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#draw();
    });
  }

  #draw() {
    const ratio = devicePixelRatio;
    const { width, height } = this.#dots;
    const view = { scale: this.#view.scale * ratio, x: this.#view.x * ratio, y: this.#view.y * ratio };
    const room = Math.sqrt(this.#size.width * this.#size.height / place.points.length);
    const radius = Math.min(7, Math.max(0.9, Math.min(3.2, room * 0.36)) * (view.scale / ratio / this.#least) ** 0.35) * ratio;
    const { of } = this.#colouring;
    const faint = isDark() ? [52, 51, 47] : [226, 222, 215];
    this.#painter.paint(view, width, height, [
      { points: this.#dim, radius: radius * 0.8, colours: [faint] },
      { points: this.#lit, radius, colours: this.#colours, of },
    ]);
    if (this.#asPictures) {
      const side = Math.min(72, 34 * (this.#view.scale / this.#least) ** 0.3) * ratio;
      this.#pictures.paint(this.#dots.getContext("2d"), view, width, height, side, this.isLit, this.#litKey,
        (i) => this.#colours[of[i]]);
    }
    this.#drawMarks(view, ratio, radius);
  }

  /** The outline that is being drawn, the ring about the point under the pointer, the cross that keys move. */
  #drawMarks(view, ratio, radius) {
    const context = this.#marks.getContext("2d");
    const { width, height } = this.#marks;
    context.clearRect(0, 0, width, height);
    context.strokeStyle = isDark() ? "#edebe6" : "#1d1c1a";
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    if (this.#hovered >= 0) {
      const [x, y] = [place.x[this.#hovered] * view.scale + view.x, place.y[this.#hovered] * view.scale + view.y];
      context.arc(x, y, radius + 4 * ratio, 0, 2 * Math.PI);
    }
    if (this.#usesKeys()) {
      const [x, y, arm] = [width / 2, height / 2, 9 * ratio];
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
    }
    context.stroke();
    if (!this.#outline) return;
    context.beginPath();
    for (const [x, y] of this.#outline) context.lineTo(x * ratio, y * ratio);
    context.setLineDash([5 * ratio, 4 * ratio]);
    context.closePath();
    context.stroke();
    context.fillStyle = isDark() ? "#ffffff18" : "#00000010";
    context.fill();
    context.setLineDash([]);
  }
}
