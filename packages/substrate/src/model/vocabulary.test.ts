import { describe, expect, test } from 'vitest';
import { CalendarDate, Moment, SourcedId, vocabulary } from './vocabulary.ts';

const type = vocabulary(['school', 'district']);

describe('a vocabulary', () => {
  test.each(['school', 'district', 'ext:campus', 'ext:ext:', 'ext: ', 'ext:école'])(
    'has the word %j',
    (word) => {
      expect(type.parse(word)).toBe(word);
    },
  );

  test.each(['School', 'campus', 'ext', 'ext:', 'EXT:campus', ' ext:campus', '', 'school '])(
    'does not have the word %j',
    (word) => {
      expect(type.safeParse(word).success).toBe(false);
    },
  );
});

describe('text that stands for something', () => {
  test.each([
    ['an id', SourcedId, 'a/b c|ü', true],
    ['an empty id', SourcedId, '', false],
    ['an id that fills its column', SourcedId, 'x'.repeat(255), true],
    ['an id that is too long', SourcedId, 'x'.repeat(256), false],
    ['a date', CalendarDate, '2028-02-29', true],
    ['a day that was not', CalendarDate, '2026-02-29', false],
    ['a date with a time', CalendarDate, '2026-08-17T00:00:00Z', false],
    ['a date in words of a country', CalendarDate, '08/17/2026', false],
    ['a moment in UTC', Moment, '2026-08-17T08:00:00.123Z', true],
    ['a moment in its zone', Moment, '2026-08-17T08:00:00-05:00', true],
    ['a moment of no zone', Moment, '2026-08-17T08:00:00', false],
    ['a moment that was not', Moment, '2026-08-17T25:00:00Z', false],
  ])('%s', (_name, schema, text, isSound) => {
    expect(schema.safeParse(text).success).toBe(isSound);
  });
});
