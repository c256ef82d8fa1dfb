const ordinals = ['st', 'nd', 'rd'];

/**
 * Pure. The grade that a course's `levels` name, which teachers write as they like: `9th grade`, `Grade 9`, `Kindergarten`. Undefined for
 * what may be no grade (`3000`, `9`), or several (`K-2`).
 */
export function gradeOf(levels: string | undefined): string | undefined {
  const text = levels?.trim().toLowerCase().replace(/\s+/g, ' ') ?? '';
  if (/^(kg|kindergarten)$/.test(text)) return 'KG';
  const [, number, ordinal] = /^(\d{1,2})(st|nd|rd|th) grade$/.exec(text) ?? [];
  const grade = Number(number ?? /^grade (\d{1,2})$/.exec(text)?.[1]);
  const isOrdinal = ordinal === undefined || ordinal === (ordinals[grade - 1] ?? 'th');
  return grade >= 1 && grade <= 12 && isOrdinal ? String(grade).padStart(2, '0') : undefined;
}
