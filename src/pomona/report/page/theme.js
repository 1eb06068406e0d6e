/** Light and dark: as the system has it, until the button says otherwise. Paper is always light. */
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

function startTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement.style;
  button.addEventListener("click", () => {
    root.colorScheme = isDark() ? "light" : "dark";
    tellTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tellTheme);
  let before = "";
  addEventListener("beforeprint", () => {
    before = root.colorScheme;
    root.colorScheme = "light";
    tellTheme();
  });
  addEventListener("afterprint", () => {
    root.colorScheme = before;
    tellTheme();
  });
  tellTheme();
}
