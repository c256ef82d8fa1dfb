/** Seconds, as people say them. */
export function Duration({ seconds }: { readonly seconds: number | null }) {
  return <span>{seconds === null ? '…' : showDuration(seconds)}</span>;
}

export function showDuration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
