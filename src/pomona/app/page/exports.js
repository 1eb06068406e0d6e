/** What a person takes out of the phone: the history as CSV, the corrections as photos to learn from. */
import { zip } from "./zip.js";

const COLUMNS = [
  "time", "label", "probability", "second", "second_probability", "third", "third_probability",
  "unknown", "unknown_score", "correction", "milliseconds", "classifier",
];

/** As RFC 4180 has it. A text that a spreadsheet would take for a formula is told apart by an apostrophe. */
function cell(value) {
  const text = String(value ?? "");
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const stamp = (time) => new Date(time).toISOString();

export function historyCsv(entries) {
  const rows = entries.map(({ time, answer, correction }) => [
    stamp(time),
    ...[0, 1, 2].flatMap((i) => [answer.labels[i]?.label, answer.labels[i]?.probability]),
    answer.unknown, answer.unknownScore, correction, Math.round(answer.milliseconds), answer.classifier,
  ]);
  return new Blob([[COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")], { type: "text/csv" });
}

/** Whether a label can be the name of a folder, on any system. */
export const isFolderName = (label) => label !== "" && !/[/\\:*?"<>|\p{Cc}]|^[. ]|[. ]$/u.test(label);

/** LABEL/app_TIME_ID.jpg, the way that `pomona extract` reads labels: unpack it among the photos that were learned from. */
export async function correctionsZip(entries) {
  const files = [];
  for (const { id, time, photo, correction } of entries.filter((one) => one.correction !== null)) {
    const name = `${correction}/app_${stamp(time).replace(/[-:]|\.\d+/g, "")}_${id}.jpg`;
    files.push({ name, time, bytes: new Uint8Array(await photo.arrayBuffer()) });
  }
  return zip(files);
}

/** Saves a Blob as a file of that name. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
