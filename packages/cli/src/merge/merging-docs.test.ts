import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLineAnswerer } from './answer-line.ts';
import { readMergeSettings } from './read-merge-settings.ts';

const document = readFileSync(join(import.meta.dirname, '../../../../docs/merging.md'), 'utf8');

/** A fenced block of the document; its words tell what it holds: `json settings`, `jsonl in`, `jsonl out`, `jsonl set in`, ... */
interface Block {
  readonly words: string;
  readonly lines: readonly string[];
}

const blocks: readonly Block[] = [...document.matchAll(/^```(jsonl? .+)\n([^]*?)^```$/gm)].map(
  ([, words = '', text = '']) => ({ words, lines: text.trimEnd().split('\n') }),
);
const examples = blocks.flatMap(({ words, lines }, index) =>
  words.endsWith(' in') ? [{ isSet: words.includes('set'), lines, after: blocks[index + 1] }] : [],
);

describe('docs/merging.md', () => {
  const settings = readMergeSettings(
    JSON.parse(blocks.find(({ words }) => words === 'json settings')?.lines.join('\n') ?? ''),
    'docs/merging.md',
  );

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  test.each(examples)('is answered as it says: $lines', ({ isSet, lines, after }) => {
    const answer = createLineAnswerer({ settings, isSet, help: 'npm run --silent flotilla -- merge --help' });
    const answers = lines.map((line, index) => JSON.parse(answer(Buffer.from(line), index + 1).text));

    expect(after?.words).toBe(isSet ? 'jsonl set out' : 'jsonl out');
    expect(after?.lines.map((line) => JSON.parse(line))).toEqual(answers);
  });
});
