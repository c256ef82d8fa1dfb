import type { JsonObject } from '@flotilla/substrate/json/json-value';

/**
 * Pure. The points that a `posted_grade` stands for, by Canvas' documents: points, a percentage, or a word; null takes the grade away, and
 * undefined is none. Letters need a scheme, which no assignment here has.
 */
export function readGrade(
  text: string,
  { points_possible, grading_type }: JsonObject,
): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const maximum = typeof points_possible === 'number' ? points_possible : 0;
  const points = pointsOf(trimmed, maximum);
  // "can only be assigned a score of 0 or assignment.points_possible, nothing inbetween"
  if (grading_type === 'pass_fail' && points !== 0 && points !== maximum) return undefined;
  return points;
}

function pointsOf(text: string, maximum: number): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d+(\.\d+)?%$/.test(text)) return (Number(text.slice(0, -1)) * maximum) / 100;
  if (/^(pass|complete)$/i.test(text)) return maximum;
  return /^(fail|incomplete)$/i.test(text) ? 0 : undefined;
}
