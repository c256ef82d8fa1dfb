const storedAs = 'flotilla.cameFrom';
/** Longer than it takes to get a link and open it. */
const holdsMs = 10 * 60_000;

/** Where somebody was when it turned out that nobody is signed in. The link opens in another tab, so it is kept for all of them. */
export function rememberPlace({ pathname, search }: Location): void {
  localStorage.setItem(storedAs, JSON.stringify({ place: pathname + search, at: Date.now() }));
}

/** Once: back to there, or to the start. Only ever a place of the dashboard. */
export function takePlace(): string {
  const stored = localStorage.getItem(storedAs);
  localStorage.removeItem(storedAs);
  if (stored === null) return '/';
  const { place, at } = JSON.parse(stored) as { readonly place: string; readonly at: number };
  return Date.now() - at < holdsMs && /^\/(?!\/)/.test(place) ? place : '/';
}
