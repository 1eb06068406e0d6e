/** Light and dark: as the system has it, until the button says otherwise. */
const themeListeners = [];

/** Calls `listener` now, and whenever the colours change. */
function onTheme(listener) {
  themeListeners.push(listener);
  listener();
}

function tellTheme() {
  document.getElementById("theme").textContent = isDark() ? "Light" : "Dark";
  for (const listener of themeListeners) listener();
}

/** Light for as long as is printed; returns what brings back the colours from before. */
function lightForPrint() {
  const root = document.documentElement.style;
  const before = root.colorScheme;
  root.colorScheme = "light";
  tellTheme();
  return () => {
    root.colorScheme = before;
    tellTheme();
  };
}

function startTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement.style;
  button.addEventListener("click", () => {
    root.colorScheme = isDark() ? "light" : "dark";
    tellTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tellTheme);
  tellTheme();
}
