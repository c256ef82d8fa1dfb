import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareInstants,
  isCalendarDay,
  microsToFixedInstant,
  toFixedInstant,
  toShortInstant,
} from './instant.ts';

describe('instants', () => {
  test.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000000Z'],
    ['2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.100000000Z'],
    ['2026-01-01T01:30:00+02:00', '2025-12-31T23:30:00.000000000Z'],
    ['2026-01-01T00:00:00.123456789-00:30', '2026-01-01T00:30:00.123456789Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000000Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000000000Z'],
  ])('%s is %s', (text, fixed) => {
    expect(toFixedInstant(text)).toBe(fixed);
  });

  test.each([
    ['2026-02-29T00:00:00Z'],
    ['2026-13-01T00:00:00Z'],
    ['2026-01-01T24:00:00Z'],
    ['2026-01-01T00:00:60Z'],
    ['2026-01-01 00:00:00Z'],
    ['2026-01-01T00:00:00'],
    ['2026-01-01T00:00:00.Z'],
    ['2026-01-01T00:00:00.1234567890Z'],
    ['2026-01-01'],
    [''],
    ['0001-01-01T00:00:00+01:00'],
    ['9999-12-31T23:59:59-01:00'],
    ['2026-01-01T00:00:00+24:00'],
    ['0000-12-31T00:00:00Z'],
    ['2026-01-01T00:00:00Z\n'],
  ])('%j is none', (text) => {
    expect(toFixedInstant(text)).toBeUndefined();
  });

  test('any moment of Date reads back as Date writes it', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        dates,
        (date) => toShortInstant(toFixedInstant(date.toISOString()) ?? '') === date.toISOString(),
      ),
    );
  });

  test('the fixed form sorts as time does, and so do any two forms through compareInstants', () => {
    const parts = fc.tuple(
      fc.integer({ min: -60_000_000_000_000, max: 200_000_000_000_000 }),
      fc.integer({ min: 0, max: 999_999 }),
    );
    const toText = ([ms, nanos]: readonly [number, number]) =>
      `${new Date(ms).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const order = Math.sign(left[0] - right[0] || left[1] - right[1]);
        expect(Math.sign(compareInstants(toShortInstant(toText(left)), toShortInstant(toText(right))))).toBe(
          order,
        );
      }),
    );
  });

  test('microseconds become an instant', () => {
    expect(microsToFixedInstant(1_767_225_600_000_001n)).toBe('2026-01-01T00:00:00.000001000Z');
  });

  test.each([
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['0001-01-01', true],
    ['0000-01-01', false],
    ['2026-1-1', false],
    ['2026-01-01T00:00:00Z', false],
  ])('that %s is a day is %s', (text, is) => {
    expect(isCalendarDay(text)).toBe(is);
  });
});
