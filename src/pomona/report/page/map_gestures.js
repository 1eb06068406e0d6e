/**
 * What fingers, mouse and keys do on the map. Calls `act` with: pan(dx, dy), zoom(factor, x, y), hover(x, y) or
 * leave(), open(x, y), lasso(outline, ended), reset(), current(); all in CSS pixels of the map.
 */
function listenToGestures(area, act, wantsLasso) {
  const fingers = new Map();
  let outline = null;
  let moved = 0;
  const at = (event) => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    area.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    moved = 0;
    outline = fingers.size === 1 && (event.shiftKey || wantsLasso()) ? [at(event)] : null;
  });

  area.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    if (!fingers.has(event.pointerId)) {
      act.hover(x, y);
      return;
    }
    const [oldX, oldY] = fingers.get(event.pointerId);
    moved += Math.hypot(x - oldX, y - oldY);
    if (outline) {
      outline.push([x, y]);
      act.lasso(outline, false);
    } else if (fingers.size === 1) {
      act.pan(x - oldX, y - oldY);
    } else if (fingers.size === 2) {
      const [[otherX, otherY]] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, other]) => other);
      const factor = Math.hypot(x - otherX, y - otherY) / Math.max(1, Math.hypot(oldX - otherX, oldY - otherY));
      act.zoom(factor, (x + otherX) / 2, (y + otherY) / 2);
      act.pan((x - oldX) / 2, (y - oldY) / 2);
    }
    fingers.set(event.pointerId, [x, y]);
  });

  const end = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (outline) act.lasso(outline, true);
    else if (moved < 6 && event.type === "pointerup") act.open(...at(event));
    outline = null;
  };
  area.addEventListener("pointerup", end);
  area.addEventListener("pointercancel", end);
  area.addEventListener("pointerleave", () => act.leave());

  area.addEventListener("wheel", (event) => {
    const lines = event.deltaMode === 1 ? 16 : 1;
    if (act.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), ...at(event))) event.preventDefault();
  }, { passive: false });

  const step = 48;
  const keys = {
    ArrowLeft: () => act.pan(step, 0), ArrowRight: () => act.pan(-step, 0),
    ArrowUp: () => act.pan(0, step), ArrowDown: () => act.pan(0, -step),
    "+": () => act.zoom(1.4), "=": () => act.zoom(1.4), "-": () => act.zoom(1 / 1.4), 0: () => act.reset(),
    Enter: () => act.current(),
  };
  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
}

/** Whether a place lies inside an outline of [x, y] corners, by the number of its edges to the left. */
function isInside(outline, x, y) {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[x1, y1], [x2, y2]] = [outline[i], outline[j]];
    if (y1 > y !== y2 > y && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
