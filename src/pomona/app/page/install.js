import { button } from "./element.js";
import { text } from "./language.js";

let prompt = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  prompt = event;
});

export const canInstall = () => prompt !== null;
export const isInstalled = () => matchMedia("(display-mode: standalone)").matches;

/** Lets the browser ask the person. */
export async function install() {
  const asked = prompt;
  prompt = null;
  await asked.prompt();
}

/** Has the app kept for use without a network, calls `keptWhole` when it is, and offers a new version that waits. */
export async function startServiceWorker(keptWhole) {
  if (!navigator.serviceWorker) return;
  const news = document.getElementById("news");
  const registration = await navigator.serviceWorker.register("service_worker.js");
  const offer = (worker) => {
    news.replaceChildren(`${text("newVersion")} `, button(text("useIt"), () => worker.postMessage("use it")));
  };
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!first) location.reload();
  });
  const watch = (worker) => worker.addEventListener("statechange", () => {
    if (worker.state === "installed" && registration.active) offer(worker);
  });
  navigator.serviceWorker.ready.then(keptWhole);
  if (registration.waiting) offer(registration.waiting);
  if (registration.installing) watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
}
