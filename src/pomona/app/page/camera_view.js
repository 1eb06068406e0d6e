import * as camera from "./camera.js";
import { retext, text } from "./language.js";

const finder = document.getElementById("finder");
const idle = document.getElementById("finder-idle");
const shutter = document.getElementById("shutter");
const state = document.getElementById("state");

/** The sentence below the picture: the name of a text, and a number that it is about. */
export function say(name, count) {
  state.textContent = name ? text(name, count) : "";
}

function showOpen(open) {
  idle.hidden = open;
  finder.classList.toggle("live", open);
  retext(shutter, open ? "take" : "start");
}

export function closeCamera() {
  camera.close();
  showOpen(false);
}

/** Calls `look` with the Blob or ImageBitmap of each photo, however it comes. */
export function startCamera(look) {
  const file = document.getElementById("file");
  const capture = document.getElementById("capture");
  for (const input of [file, capture]) {
    input.addEventListener("change", () => {
      if (input.files.length > 0) look(input.files[0]);
      input.value = "";
    });
  }
  document.getElementById("choose").addEventListener("click", () => file.click());
  shutter.addEventListener("click", async () => {
    if (camera.isOpen()) {
      look(await camera.shoot());
      return;
    }
    if (!navigator.mediaDevices?.getUserMedia) {
      capture.click();
      return;
    }
    try {
      await camera.open();
      showOpen(true);
    } catch {
      closeCamera();
      say("noCamera");
      // On a phone this is the camera's own app, which asks for no right of the page.
      capture.click();
    }
  });
  startDrop(look);
  // The camera's light is off where nobody looks at its picture.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) closeCamera();
  });
}

function startDrop(look) {
  const over = (event) => {
    event.preventDefault();
    finder.classList.add("over");
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) finder.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    finder.classList.remove("over");
    const dropped = event.dataTransfer.files[0];
    if (dropped) look(dropped);
  });
  document.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.files[0];
    if (pasted) look(pasted);
  });
}
