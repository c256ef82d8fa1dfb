import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createTerminal } from './terminal.ts';

function open(wantsColor: boolean, columns?: number) {
  const out = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  const err = new PassThrough();
  const terminal = createTerminal({ out, err, wantsColor });
  return { terminal, shown: () => String(out.read() ?? ''), noted: () => String(err.read() ?? '') };
}

const hostile = {
  name: 'a\u001b[2J\u0007\u009b2J\u202eevil\u2028\u007f',
  'k\u0085': ['\u2066', '東京 😀 שלום'],
};

describe('a terminal', () => {
  test.each([false, true])(
    'shows JSON of hostile data harmlessly, and the same to a program (colours: %j)',
    (wantsColor) => {
      const { terminal, shown } = open(wantsColor);

      terminal.print(JSON.stringify(hostile, null, 2));

      const text = shown();
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      expect(JSON.parse(text)).toEqual(hostile);
    },
  );

  test('is steered by nothing that was not made plain, be it a result or a note', () => {
    const { terminal, shown, noted } = open(false);

    terminal.print('\u001b[31mred\u001b[0m \u001b]52;c;AAAA\u0007 a\rb\tc\nd');
    terminal.note('\u001b[1A\u001b[2K');

    expect(shown()).toBe('\\u001b[31mred\\u001b[0m \\u001b]52;c;AAAA\\u0007 a\\u000db\tc\nd\n');
    expect(noted()).toBe('\\u001b[1A\\u001b[2K\n');
  });

  test('shows our colours where they are wanted, and no other sequence', () => {
    const { terminal, shown } = open(true);

    terminal.print(`${terminal.colors.red('red')} \u001b[2J`);

    expect(shown()).toBe('\u001b[31mred\u001b[39m \\u001b[2J\n');
  });

  test('is as wide as it is, within reason', () => {
    expect([open(false, 200), open(false, 20), open(false)].map(({ terminal }) => terminal.width)).toEqual([
      200, 60, 140,
    ]);
  });
});
