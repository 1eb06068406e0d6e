/** Colours of the map and the charts, for a light and a dark page. */

function isDark() {
  const { colorScheme } = getComputedStyle(document.documentElement);
  return colorScheme === "dark" || (colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** OKLCH to [red, green, blue] of 0 to 255 (Björn Ottosson, "A perceptual color space for image processing"). */
function oklch(lightness, chroma, hue) {
  const a = chroma * Math.cos(hue * Math.PI / 180);
  const b = chroma * Math.sin(hue * Math.PI / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => {
    const clipped = Math.max(0, Math.min(1, value));
    return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
  });
}

/**
 * Colours for n names. Two are blue and orange, which every kind of colour blindness tells apart; of more, names that
 * follow each other are a golden angle apart in hue and differ in lightness, so that no two neighbours look alike.
 */
function paletteOf(n, dark) {
  if (n <= 2) return (dark ? [[106, 174, 240], [240, 154, 78]] : [[36, 103, 168], [194, 83, 10]]).slice(0, n);
  const lights = dark ? [0.74, 0.84, 0.64] : [0.62, 0.5, 0.74];
  const chromas = [0.15, 0.11, 0.13];
  return Array.from({ length: n }, (_, i) => oklch(lights[i % 3], chromas[i % 3], (25 + i * 137.508) % 360));
}

/** What has no name, and what is not meant just now. */
function greyOf(dark) {
  return dark ? [110, 108, 103] : [176, 172, 165];
}

function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}
