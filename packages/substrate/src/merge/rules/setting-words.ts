import { z } from 'zod';
import { findNearest } from '../../failure/find-nearest.ts';
import { strategies } from '../strategy.ts';
import { findPatternFault } from './pointer-pattern.ts';

/** Pure. The smallest parts of merge settings, with complaints that name the nearest word that would do. */
export const StrategyWord = z.enum(strategies, {
  error: ({ input }) =>
    `${say(input)} is no strategy${suggest(input, strategies)} The strategies are ${strategies.join(', ')}.`,
});

export const Pattern = z.string('Give a pointer here, such as "/name"').superRefine((pattern, context) => {
  const fault = findPlaceFault(pattern);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `${say(pattern)}: ${fault}` });
});

/** What keeps a text from being the pointer of a field; the empty one is that of the whole record. */
export function findPlaceFault(pattern: string): string | undefined {
  return pattern === ''
    ? 'the empty pointer is that of the whole record, which is no field'
    : findPatternFault(pattern);
}

/** The members of an object, of which it has no others; a complaint names the nearest member. */
export function strictMembers<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'Give an object here';
      const [first = ''] = (issue.keys ?? []) as string[];
      return `There is no ${say(first)} here${suggest(first, names)} There may be ${names.join(', ')}.`;
    },
  });
}

export function say(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

export function suggest(value: unknown, words: Iterable<string>): string {
  const near = typeof value === 'string' ? findNearest(value, words) : undefined;
  return near === undefined ? '.' : `; did you mean ${say(near)}?`;
}
