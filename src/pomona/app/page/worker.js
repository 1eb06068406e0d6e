/** Computes beside the page, so that the page stays alive: a photo in, an answer out. */
import * as ort from "./runtime/ort.wasm.bundle.min.js";
import { nearest } from "./nearest.js";
import { readPhoto } from "./pixels.js";

const MOST_THREADS = 4;
const KEPT_QUALITY = 0.9;

ort.env.wasm.wasmPaths = { wasm: new URL("runtime/ort-wasm-simd-threaded.wasm", import.meta.url).href };
// Threads share memory, which browsers give to isolated pages alone; one thread does, too.
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
ort.env.logLevel = "error";

const about = fetch("app.json").then((response) => response.json());
const loaded = load();
// Whoever asks is told of the failure; nobody else needs to.
loaded.catch(() => {});

async function load() {
  const fetched = fetch("model.onnx").then((response) => response.arrayBuffer());
  const session = await ort.InferenceSession.create(new Uint8Array(await fetched), { executionProviders: ["wasm"] });
  const { prototypes } = await about;
  const positions = prototypes.pictures.length > 0
    ? new Float32Array(await (await fetch("prototypes.bin")).arrayBuffer()) : new Float32Array();
  // The first run makes what later ones use: it is not the person who waits for it.
  await session.run({ image: new ort.Tensor("uint8", new Uint8Array(3 * 64 * 64), [1, 64, 64, 3]) });
  return { session, positions };
}

async function answer(source) {
  const { session, positions } = await loaded;
  const { classifier, prototypes } = await about;
  const started = performance.now();
  const photo = await readPhoto(source);
  const image = new ort.Tensor("uint8", photo.rgb, [1, photo.height, photo.width, 3]);
  const out = await session.run({ image });
  const unknownScore = out.unknown_score.data[0];
  return {
    probabilities: Array.from(out.probabilities.data),
    unknownScore,
    unknown: unknownScore > classifier.unknown_threshold,
    nearest: positions.length > 0 ? nearest(out.position.data, positions, prototypes.score) : [],
    milliseconds: performance.now() - started,
    photo: await photo.canvas.convertToBlob({ type: "image/jpeg", quality: KEPT_QUALITY }),
  };
}

self.onmessage = async ({ data: { id, source } }) => {
  try {
    const result = source ? await answer(source) : await loaded.then(() => ({ threads: ort.env.wasm.numThreads }));
    self.postMessage({ id, result });
  } catch (error) {
    const of = await loaded.then(() => "photo", () => "model");
    self.postMessage({ id, error: String(error?.message ?? error), of });
  }
};
