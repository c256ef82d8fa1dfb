const utf8 = new TextEncoder();

/** Pure. How much something weighs as JSON on the wire, in bytes. */
export function jsonSize(value: unknown): number {
  return utf8.encode(JSON.stringify(value)).length;
}

/** Pure. As many of them as weigh at most so many bytes together, as they are told; what lies behind is not even looked at. */
export function takeWithin<Item, Told>(
  items: Iterable<Item>,
  mostBytes: number,
  tell: (item: Item) => Told,
): readonly Told[] {
  const kept: Told[] = [];
  let size = 0;
  for (const item of items) {
    const told = tell(item);
    size += jsonSize(told) + 1;
    if (size > mostBytes) break;
    kept.push(told);
  }
  return kept;
}
