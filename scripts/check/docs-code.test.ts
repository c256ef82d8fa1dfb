import { describe, expect, test } from 'vitest';
import { codeBlocksOf } from './docs-code.ts';

describe('the code of a document', () => {
  test('is each fenced ts block, on the lines where it stands', () => {
    const blocks = codeBlocksOf(
      '# A\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n```typescript\nconst b = 2;\n```\n',
    );

    expect(blocks).toEqual([
      { name: '1.ts', code: '\n\n\nconst a = 1;\n' },
      { name: '2.ts', code: `${'\n'.repeat(10)}const b = 2;\n` },
    ]);
  });

  test('is named by its first comment, so that blocks can import one another', () => {
    const [block] = codeBlocksOf('```ts\n// src/api.ts\nexport const a = 1;\n```\n');

    expect(block?.name).toBe('src/api.ts');
  });

  test('is not what an outer block of another language quotes', () => {
    expect(codeBlocksOf('```text\n```ts\nnot code\n```\n')).toEqual([]);
  });
});
