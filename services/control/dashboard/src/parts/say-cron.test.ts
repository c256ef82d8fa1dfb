import { describe, expect, test } from 'vitest';
import { parseSimpleCron, sayCron, toCron } from './say-cron.ts';

describe('a cron line', () => {
  test('of the simple kind is read as a time and days, and written again as it was', () => {
    for (const cron of ['30 2 * * *', '0 22 * * 1-5', '5 0 * * 0,6']) {
      const simple = parseSimpleCron(cron);
      expect(simple && toCron(simple)).toBe(cron);
    }
    expect(parseSimpleCron('5 3 * * 1-5')).toEqual({ time: '03:05', days: '1-5' });
  });

  test('of any other kind is left as it is', () => {
    for (const cron of ['*/30 2 * * *', '0 2,14 * * *', '0 2 1 * *', '61 2 * * *', '0 24 * * *', 'nonsense'])
      expect(parseSimpleCron(cron)).toBeUndefined();
    expect(sayCron('0 2 1 * *')).toBe('0 2 1 * *');
  });

  test('is said in words', () => {
    expect(sayCron('30 2 * * *')).toBe('02:30, every day');
    expect(sayCron('0 2 * * 1-5')).toBe('02:00, Monday to Friday');
    expect(sayCron('0 2 * * 0,6')).toBe('02:00, Sunday, Saturday');
  });
});
