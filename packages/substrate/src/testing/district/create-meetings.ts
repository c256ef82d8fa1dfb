import type { Meeting, Weekday } from './district.ts';

const week: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const buildings = ['Main Building', 'Science Wing', 'Arts Hall', 'Annex'];

/**
 * Pure. When the nth section of the district meets in a period: every day in its room, or, for every fifth, three days there and two in a
 * laboratory. Nothing here depends on chance, so a room that changes overnight changes alone.
 */
export function createMeetings(
  sectionId: string,
  number: number,
  period: number,
  room: string,
): readonly Meeting[] {
  const building = buildings[number % buildings.length] ?? 'Main Building';
  const starts = 8 * 60 + (period - 1) * 55;
  const times = { startTime: clockTime(starts), endTime: clockTime(starts + 50) };
  const id = `mtg-${sectionId.slice(4)}`;
  if (number % 5 !== 0) return [{ id: `${id}-1`, days: week, ...times, room, building }];
  return [
    { id: `${id}-1`, days: ['monday', 'wednesday', 'friday'], ...times, room, building },
    { id: `${id}-2`, days: ['tuesday', 'thursday'], ...times, room: `Lab ${1 + (number % 8)}`, building },
  ];
}

function clockTime(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
