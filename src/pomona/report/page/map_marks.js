/**
 * What lies over the points: a ring about a point, or none for -1; the cross that keys move; the outline that is being
 * drawn. `view` and `radius` are in pixels of the canvas, which has `ratio` of them for one of CSS; the outline is in
 * those of CSS.
 */
function drawMarks(canvas, { view, ratio, ring, radius, cross, outline }) {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  const dark = isDark();
  context.clearRect(0, 0, width, height);
  context.strokeStyle = dark ? "#edebe6" : "#1d1c1a";
  context.lineWidth = 1.5 * ratio;
  context.beginPath();
  if (ring >= 0) {
    context.arc(
      place.x[ring] * view.scale + view.x,
      place.y[ring] * view.scale + view.y,
      radius + 4 * ratio,
      0,
      2 * Math.PI,
    );
  }
  if (cross) {
    const [x, y, arm] = [width / 2, height / 2, 9 * ratio];
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }
  context.stroke();
  if (!outline) return;
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x * ratio, y * ratio);
  context.closePath();
  context.setLineDash([5 * ratio, 4 * ratio]);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = dark ? "#ffffff18" : "#00000010";
  context.fill();
}
