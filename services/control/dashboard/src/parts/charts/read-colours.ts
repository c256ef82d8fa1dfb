/** The colours that custom properties such as `--text` have at a place, as a canvas takes them: a canvas itself knows neither `var()` nor `light-dark()`. */
export function readColours(place: HTMLElement, names: readonly string[]): ReadonlyMap<string, string> {
  const probe = document.createElement('span');
  (place.parentElement ?? document.body).append(probe);
  const colours = new Map<string, string>();
  for (const name of names) {
    probe.style.color = `var(${name})`;
    colours.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return colours;
}
