const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Two columns wide in a terminal: East Asian writing, and emoji. */
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Pure. One line of text over several of at most so many columns, and at most so many lines; what is left out the last one counts. */
export function wrapText(text: string, width: number, mostLines: number): string {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  let taken = 0;
  for (const { segment } of graphemes.segment(text)) {
    const size = wide.test(segment) ? 2 : 1;
    if (columns + size > width) {
      lines.push(line);
      line = '';
      columns = 0;
      if (lines.length === mostLines) break;
    }
    line += segment;
    columns += size;
    taken += segment.length;
  }
  if (line !== '') lines.push(line);
  const left = text.length - taken;
  return [...lines, ...(left === 0 ? [] : [`… ${left.toLocaleString('en-US')} more`])].join('\n');
}
