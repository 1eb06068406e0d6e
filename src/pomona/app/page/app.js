/** The page: a photo, its answer, the history, and what the app is. Each is at an address of its own, so "back" works. */
import { showAbout } from "./about_view.js";
import { showAnswer, showLooking } from "./answer_view.js";
import { closeCamera, say, startCamera } from "./camera_view.js";
import { askLabel } from "./correction.js";
import { data, summary } from "./data.js";
import * as store from "./history_store.js";
import { showHistory } from "./history_view.js";
import { startServiceWorker } from "./install.js";
import { onLanguage, startLanguage } from "./language.js";
import { classify, whenReady } from "./network.js";
import { startTheme } from "./theme.js";

let state = ["loading"];
let ready = "ready";
/** Answers that could not be kept, by the number in their address. */
const unkept = new Map();
let turn = 0;

function tellState(...said) {
  state = said;
  say(...said);
}

async function correct(entry) {
  const label = await askLabel(entry);
  if (label === undefined) return;
  if (unkept.has(entry.id)) unkept.get(entry.id).correction = label;
  else await store.correct(entry.id, label);
  await show();
}

async function entryOf(id) {
  return unkept.get(id) ?? store.entry(Number(id)).catch(() => undefined);
}

/** Shows what the address names; an entry that is gone is the camera. `focus`: the heading, for who cannot see. */
async function show({ focus = false } = {}) {
  const [name, id] = location.hash.slice(1).split("/");
  const mine = ++turn;
  const entry = name === "answer" ? await entryOf(id) : undefined;
  const shown = entry ? "answer" : ["history", "about"].includes(name) ? name : "camera";
  if (shown === "history") await showHistory();
  if (mine !== turn) return;
  if (shown === "answer") showAnswer(entry, correct);
  if (shown === "about") showAbout();
  if (shown !== "camera") closeCamera();
  open(shown, focus);
}

function open(shown, focus) {
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== `view-${shown}`;
  if (!focus) return;
  scrollTo(0, 0);
  document.querySelector(`#view-${shown} h1`)?.focus();
}

async function look(source) {
  const mine = ++turn;
  showLooking(source);
  closeCamera();
  open("answer", true);
  try {
    const answer = await classify(source);
    const kept = summary(answer);
    const id = await store.keep(answer.photo, kept).catch(() => {
      const own = `unkept-${mine}`;
      unkept.set(own, { id: own, time: Date.now(), photo: answer.photo, answer: kept, correction: null });
      return own;
    });
    tellState(unkept.has(id) ? "noStorage" : ready, data.labels.length);
    if (mine === turn) location.hash = `answer/${id}`;
  } catch (error) {
    if (error.of === undefined) throw error;
    tellState(error.of === "model" ? "noModel" : "noPhoto");
    if (mine === turn) {
      location.hash = "";
      show({ focus: false });
    }
  }
}

startLanguage();
startTheme();
startCamera(look);
onLanguage(() => {
  say(...state);
  show();
});
addEventListener("hashchange", () => show({ focus: true }));
whenReady().then(
  ({ threads }) => {
    document.documentElement.dataset.threads = threads;
    tellState(ready, data.labels.length);
    return startServiceWorker(() => {
      ready = "readyOffline";
      if (state[0] === "ready") tellState(ready, data.labels.length);
    });
  },
  (error) => {
    console.error(error.message);
    document.documentElement.dataset.failed = "";
    tellState("noModel");
  },
);
