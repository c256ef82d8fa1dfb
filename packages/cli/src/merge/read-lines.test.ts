import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

test.each([
  [[], []],
  [[''], []],
  [['a'], ['a']],
  [['a\n'], ['a']],
  [['\n'], ['']],
  [['a\n\nb'], ['a', '', 'b']],
  [
    ['a', 'b\nc', '', 'd', '\n'],
    ['ab', 'cd'],
  ],
  [['a\r\nb\u2028c'], ['a\r', 'b\u2028c']],
])('the pieces %j are the lines %j', async (pieces, lines) => {
  expect(await linesOf(pieces.map((piece) => Buffer.from(piece)))).toEqual(lines);
});

test('a text comes out the same however it was cut, in the middle of a character too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('é', '😀', '\n', 'a'), { maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      async (characters, sizes) => {
        const text = characters.join('');
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();

        expect(await linesOf(cut(Buffer.from(text), sizes))).toEqual(expected);
      },
    ),
  );
});

test('the lines of a piece are answered before the next piece is asked for', async () => {
  const asked: string[] = [];
  async function* pieces() {
    for (const piece of ['a\nb\nc', 'd\n']) {
      asked.push(piece);
      yield Buffer.from(piece);
    }
  }
  const lines = readLines(pieces());

  expect((await lines.next()).value?.map(String)).toEqual(['a', 'b']);
  expect(asked).toEqual(['a\nb\nc']);
  await lines.return(undefined);
});

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  async function* stream() {
    yield* chunks;
  }
  for await (const some of readLines(stream()))
    lines.push(...some.map((line) => Buffer.from(line).toString()));
  return lines;
}

function cut(bytes: Uint8Array, sizes: Iterable<number>): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const size of sizes) {
    if (start >= bytes.length) break;
    pieces.push(bytes.subarray(start, start + size));
    start += size;
  }
  return pieces;
}
