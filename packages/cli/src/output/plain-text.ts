/** Pure. Text that is safe to show: without control characters and direction marks, since vendor data may hold anything. */
export function toPlainText(text: string, maximum = Number.POSITIVE_INFINITY): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
  return plain.length > maximum ? `${plain.slice(0, maximum - 1)}…` : plain;
}

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
