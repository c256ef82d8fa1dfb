/** Pure. `1 record`, `2,345 records`; of an irregular noun its own plural. */
export function sayCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? noun : plural}`;
}
