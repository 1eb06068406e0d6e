import { onLanguage, text } from "./language.js";

const root = document.documentElement;

function isDark() {
  const said = root.style.getPropertyValue("color-scheme");
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Light and dark: as the system has it, until the button says otherwise, as in the sun one wants light. */
export function startTheme() {
  const button = document.getElementById("theme");
  const tell = () => {
    button.textContent = text(isDark() ? "light" : "dark");
  };
  button.addEventListener("click", () => {
    root.style.setProperty("color-scheme", isDark() ? "light" : "dark");
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
  onLanguage(tell);
}
