/** The worker, as functions that promise. */
const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let asked = 0;

worker.onmessage = ({ data: { id, result, error, of } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) resolve(result);
  else reject(Object.assign(new Error(error), { of }));
};
worker.onerror = (event) => {
  for (const { reject } of waiting.values()) reject(Object.assign(new Error(event.message), { of: "model" }));
  waiting.clear();
};

function ask(source, transfer = []) {
  return new Promise((resolve, reject) => {
    waiting.set(++asked, { resolve, reject });
    worker.postMessage({ id: asked, source }, transfer);
  });
}

/** Resolves when the network is loaded and has run once. The error's `of` is "model". */
export const whenReady = () => ask(null);

/**
 * `source`: a Blob, or an ImageBitmap, which is gone then. The answer: `probabilities` of all labels, `unknown`,
 * `unknownScore`, `nearest` (numbers of prototypes), `milliseconds`, and `photo`, a JPEG of what the network saw. The
 * error's `of` is "photo" or "model".
 */
export const classify = (source) => ask(source, source instanceof ImageBitmap ? [source] : []);
