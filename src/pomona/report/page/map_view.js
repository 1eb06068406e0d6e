/** The map on the page: what was asked of it, by pointer, keys and buttons, and what it shows for that. */
class MapView {
  #dots = el("canvas", { "aria-hidden": "true" });
  #marks = el("canvas", { "aria-hidden": "true" });
  #tip = el("div", { class: "tip", "aria-hidden": "true", hidden: "" });
  #said = el("p", { class: "hidden", role: "status" });
  #legend = el("div", { class: "legend-frame" });
  #list = el("div", { class: "map-list" });
  #area = el(
    "div",
    {
      class: "map-area",
      tabindex: "0",
      role: "application",
      "aria-describedby": "map-help",
      "aria-label": "Map of the pictures",
    },
    this.#dots,
    this.#marks,
    this.#tip,
  );
  #camera = new Camera();
  #painter = new PointPainter(this.#dots);
  #pictures = new PicturePainter(() => this.#redraw());
  #colourings = mapColourings();
  #colouring;
  #colours;
  #asPictures = false;
  #drawsOutlines = false;
  #outline = null;
  #hovered = -1;
  /** Groups that are pressed in the legend, the one that is looked at there, and the points of an outline. */
  #pressed = new Set();
  #looked = null;
  #chosen = null;
  /** What these leave in colour, and a number that changes with it. */
  #isLit;
  #lit;
  #dim;
  #litKey = 0;
  #waiting = 0;
  #sayLater = 0;

  constructor() {
    this.#colourBy(this.#colourings[0]);
    listenToGestures(
      this.#area,
      {
        pan: (dx, dy) => this.#pan(dx, dy),
        zoom: (factor, x, y) => this.#zoom(factor, x, y),
        reset: () => this.#showAll(),
        hover: (x, y) => this.#hover(this.#pointAt(x, y), x, y),
        leave: () => this.#hover(-1),
        open: (x, y) => this.#open(this.#pointAt(x, y)),
        current: () => this.#open(this.#middlePoint()),
        lasso: (outline, ended) => this.#lasso(outline, ended),
      },
      () => this.#drawsOutlines,
    );
    for (const event of ["focus", "blur"]) this.#area.addEventListener(event, () => this.#redraw());
    new ResizeObserver(() => this.#resize()).observe(this.#area);
    onTheme(() => this.#recolour());
  }

  elements() {
    const zoom = el(
      "div",
      { class: "map-zoom" },
      button("+", () => this.#zoom(1.6), { "aria-label": "Nearer" }),
      button("\u2212", () => this.#zoom(1 / 1.6), { "aria-label": "Farther" }),
      button("Whole map", () => this.#showAll()),
    );
    return [
      this.#tools(),
      el("div", { class: "map-frame" }, el("div", { class: "map-window" }, this.#area, zoom), this.#legend),
      el(
        "p",
        { class: "soft screen", id: "map-help" },
        "Drag to move, wheel or two fingers to come nearer, click for the picture, Shift and drag " +
          "to draw an outline. With keys: arrows move, + and \u2212 zoom, 0 shows all, Enter opens the picture in the middle.",
      ),
      this.#said,
      this.#list,
    ];
  }

  #tools() {
    const colourings = this.#colourings;
    return el(
      "div",
      { class: "map-tools" },
      colourings.length > 1 &&
        el(
          "div",
          { class: "tool" },
          el("span", {}, "Colour by"),
          choice(
            "Colour by",
            colourings.map((one) => [one, one.title]),
            colourings[0],
            (one) => this.#colourBy(one),
          ),
        ),
      report.thumbnails &&
        el(
          "div",
          { class: "tool" },
          el("span", {}, "Show"),
          choice(
            "Show as",
            [
              [false, "Points"],
              [true, "Pictures"],
            ],
            false,
            (pictures) => {
              this.#asPictures = pictures;
              this.#redraw();
            },
          ),
        ),
      el(
        "div",
        { class: "tool" },
        this.#outlineButton(),
        button("List what is in view", () => this.#listView()),
      ),
    );
  }

  #outlineButton() {
    return button(
      "Draw an outline",
      (event) => {
        this.#drawsOutlines = !this.#drawsOutlines;
        event.currentTarget.setAttribute("aria-pressed", String(this.#drawsOutlines));
        this.#area.classList.toggle("lassoing", this.#drawsOutlines);
      },
      { "aria-pressed": "false" },
    );
  }

  show(point) {
    this.#area.scrollIntoView({ block: "center" });
    this.#camera.show(point);
    this.#area.focus({ preventScroll: true });
    this.#moved();
    this.#hover(point, this.#camera.width / 2, this.#camera.height / 2);
  }

  // What is seen.

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#area;
    if (width === 0 || height === 0) return;
    for (const canvas of [this.#dots, this.#marks]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.#camera.resize(width, height);
    this.#draw();
  }

  #showAll() {
    this.#camera.showAll();
    this.#moved();
  }

  #pan(dx, dy) {
    this.#camera.pan(dx, dy);
    this.#moved();
  }

  #zoom(factor, x = this.#camera.width / 2, y = this.#camera.height / 2) {
    const changed = this.#camera.zoom(factor, x, y);
    if (changed) this.#moved();
    return changed;
  }

  #moved() {
    this.#area.classList.toggle("nearer", this.#camera.nearness > 1);
    this.#hover(-1);
    this.#redraw();
    if (this.#usesKeys()) this.#say(this.#middlePoint());
  }

  #usesKeys() {
    return this.#area.matches(":focus-visible");
  }

  // What is in colour.

  #colourBy(one) {
    this.#colouring = one;
    this.#pressed = new Set();
    this.#looked = null;
    this.#recolour();
  }

  #recolour() {
    this.#colours = coloursOf(this.#colouring, isDark());
    this.#legend.replaceChildren(
      mapLegend(
        this.#colouring,
        this.#colours,
        this.#pressed,
        (group) => {
          this.#looked = group;
          this.#light();
        },
        () => this.#light(),
      ),
    );
    this.#light();
  }

  #light() {
    const { of } = this.#colouring;
    const groups = this.#looked === null ? this.#pressed : new Set([this.#looked]);
    const chosen = this.#chosen;
    this.#isLit = (i) => (groups.size === 0 || groups.has(of[i])) && (chosen === null || chosen.has(i));
    const all = groups.size === 0 && chosen === null;
    this.#lit = all ? place.points : place.points.filter(this.#isLit);
    this.#dim = all ? [] : place.points.filter((i) => !this.#isLit(i));
    this.#litKey++;
    this.#redraw();
  }

  // What is pointed at.

  #pointAt(x, y) {
    const picture = this.#asPictures ? this.#pictures.at(x * devicePixelRatio, y * devicePixelRatio) : -1;
    if (picture >= 0) return picture;
    const nearest = (takes) => nearestTo(...this.#camera.placeAt(x, y), 16 / this.#camera.scale, takes);
    const lit = nearest(this.#isLit);
    return lit >= 0 ? lit : nearest(() => true);
  }

  #middlePoint() {
    const { width, height, scale } = this.#camera;
    return nearestTo(...this.#camera.placeAt(width / 2, height / 2), Math.max(width, height) / 2 / scale, this.#isLit);
  }

  #open(point) {
    if (point >= 0) openViewer(point, [point]);
  }

  #hover(point, x, y) {
    if (point !== this.#hovered) {
      this.#hovered = point;
      this.#tip.hidden = point < 0;
      this.#area.classList.toggle("over", point >= 0);
      if (point >= 0) {
        this.#tip.replaceChildren(...mapTip(point));
        this.#say(point);
      }
      this.#redraw();
    }
    if (point < 0) return;
    const { offsetWidth: wide, offsetHeight: high } = this.#tip;
    const { width, height } = this.#camera;
    this.#tip.style.left = `${Math.max(0, x + 20 + wide > width ? x - 20 - wide : x + 20)}px`;
    this.#tip.style.top = `${Math.max(0, Math.min(height - high, y - high / 2))}px`;
  }

  /** Says which picture it is, once the pointer or the keys have come to rest. */
  #say(point) {
    clearTimeout(this.#sayLater);
    this.#sayLater = setTimeout(() => {
      this.#said.textContent = point < 0 ? "No picture here." : describe(point);
    }, 250);
  }

  // What is listed.

  #lasso(outline, ended) {
    this.#outline = ended ? null : outline;
    this.#hover(-1);
    this.#redraw();
    if (!ended || outline.length < 3) return;
    const list = this.#listIn(outline, "outline");
    this.#chosen = list.length > 0 ? new Set(list) : null;
    this.#light();
  }

  #listView() {
    const { width, height } = this.#camera;
    this.#listIn(
      [
        [0, 0],
        [width, 0],
        [width, height],
        [0, height],
      ],
      "view",
    );
  }

  /** Lists the points in colour inside corners of the window. What an outline had left grey may be listed again. */
  #listIn(corners, where) {
    this.#chosen = null;
    this.#light();
    const list = pointsInside(
      corners.map(([x, y]) => this.#camera.placeAt(x, y)),
      this.#isLit,
    );
    this.#list.replaceChildren(
      ...mapList(list, where, () => {
        this.#chosen = null;
        this.#list.replaceChildren();
        this.#light();
        this.#area.focus({ preventScroll: true });
      }),
    );
    clearTimeout(this.#sayLater);
    this.#said.textContent = `${counted(list.length, "picture")} in the ${where}, listed below the map.`;
    return list;
  }

  // How it is drawn.

  #redraw() {
    if (this.#waiting || this.#camera.width === 0) return;
    this.#waiting = requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#draw();
    });
  }

  #draw() {
    const ratio = devicePixelRatio;
    const view = this.#camera.onCanvas(ratio);
    const { width, height } = this.#dots;
    const { nearness } = this.#camera;
    const room = Math.sqrt((this.#camera.width * this.#camera.height) / place.points.length);
    const radius = Math.min(7, Math.max(0.9, Math.min(3.2, room * 0.36)) * nearness ** 0.35) * ratio;
    const { of } = this.#colouring;
    this.#painter.paint(view, width, height, [
      { points: this.#dim, radius: radius * 0.8, colours: [faintOf(isDark())] },
      { points: this.#lit, radius, colours: this.#colours, of },
    ]);
    if (this.#asPictures) {
      const side = Math.min(72, 34 * nearness ** 0.3) * ratio;
      this.#pictures.paint(
        this.#dots.getContext("2d"),
        view,
        width,
        height,
        side,
        this.#isLit,
        this.#litKey,
        (i) => this.#colours[of[i]],
      );
    }
    drawMarks(this.#marks, {
      view,
      ratio,
      ring: this.#hovered,
      radius,
      cross: this.#usesKeys(),
      outline: this.#outline,
    });
  }
}
