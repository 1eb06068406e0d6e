/** How numbers and times are written, the same for every reader. */

function count(number) {
  return number.toLocaleString("en-GB");
}

/** A remark as a sentence. */
function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** "1 picture", "2 pictures". */
function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A share of 1 as a percentage. What is not all is never shown as all, nor what is there as nothing. */
function percent(share, digits = 1) {
  const smallest = 10 ** -digits;
  let value = share * 100;
  if (share < 1) value = Math.min(value, 100 - smallest);
  if (share > 0) value = Math.max(value, smallest);
  return `${value.toFixed(digits)}\u00a0%`;
}

/** A distance or score: four digits after the point say enough, and nothing is 0 that is not. */
function decimal(value) {
  if (value === 0) return "0";
  return Math.abs(value) < 0.00005 ? value.toExponential(1) : value.toFixed(4);
}

function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** An ISO time in words, in UTC. */
function moment(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${day}, ${time.toISOString().slice(11, 16)} UTC`;
}
