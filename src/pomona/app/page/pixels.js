/** Longest side, in pixels, of what the network is given. Larger photos are drawn down to it first. */
export const MOST_PIXELS = 1024;

/**
 * A photo, a Blob or an ImageBitmap, as [height, width, 3] bytes RGB: turned as its EXIF says, its numbers as they are in
 * the file (no colour profile is applied, as none was when the network learned), what is transparent on white.
 */
export async function readPhoto(source) {
  const bitmap = source instanceof ImageBitmap ? source
    : await createImageBitmap(source, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  const scale = Math.min(1, MOST_PIXELS / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from];
    rgb[to++] = rgba[from + 1];
    rgb[to++] = rgba[from + 2];
  }
  return { width, height, rgb, canvas };
}
