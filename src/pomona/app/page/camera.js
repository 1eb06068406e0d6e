/** The camera's picture in the page, where the browser gives it. */
const video = document.getElementById("preview");
let stream = null;

export const isOpen = () => stream !== null;

/** Opens the camera that looks away from the person. Throws where there is none, or it may not be used. */
export async function open() {
  if (stream) return;
  stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 1280 } },
  });
  video.srcObject = stream;
  await video.play();
  video.hidden = false;
}

/** The square in the middle of what is seen, which is what the page shows. */
export function shoot() {
  const side = Math.min(video.videoWidth, video.videoHeight);
  return createImageBitmap(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side);
}

export function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  video.hidden = true;
}
