/** Pure. 12,345 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Pure. `1 record`, `2,000 records` */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Pure. `0.4 s`, `2 min 5 s` */
export function formatSeconds(seconds: number): string {
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
