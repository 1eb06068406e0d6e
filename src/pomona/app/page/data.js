/** What this app knows: app.json, which `pomona app` writes. */
import { language } from "./language.js";

export const data = await (await fetch("app.json")).json();

const cardOf = new Map(data.cards.flatMap((card) => card.labels.map((label) => [label, card])));

/** The card of a label, or undefined. */
export const cardFor = (label) => cardOf.get(label);

/** A text of a card in the language of the page; "" where it has none. */
export const told = (card, field) => card[`${field}_${language()}`] ?? "";

/** What a label is called: as it is in English, which labels are in; else as its card has it. */
export function nameOf(label) {
  const card = language() === "en" ? undefined : cardFor(label);
  return card ? told(card, "name") : label;
}

/** What is kept of an answer: the first labels with their probabilities, not all of them. */
export function summary(answer) {
  const order = [...answer.probabilities.keys()].sort((a, b) => answer.probabilities[b] - answer.probabilities[a] || a - b);
  return {
    labels: order.slice(0, 3).map((i) => ({ label: data.labels[i], probability: answer.probabilities[i] })),
    unknown: answer.unknown,
    unknownScore: answer.unknownScore,
    nearest: answer.nearest,
    milliseconds: answer.milliseconds,
    classifier: data.classifier.digest,
  };
}
