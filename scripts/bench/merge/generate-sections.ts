import type { JsonObject, JsonValue } from '../../../packages/substrate/src/json/json-value.ts';
import {
  createSeededRandom,
  type SeededRandom,
} from '../../../packages/substrate/src/testing/district/seeded-random.ts';

/** A record as the three sides have it; a side that lacks it has no member. */
export interface SectionTriple {
  readonly id: string;
  readonly base?: JsonObject;
  readonly ours?: JsonObject;
  readonly theirs?: JsonObject;
  /** Where both sides changed it and cannot both be right. */
  readonly conflict?: string;
}

/** Records come in blocks of this many; in each block 20 are changed on our side, 20 on theirs, and one of them is a conflict. */
export const blockSize = 1_000;

/** How many of a block need something. */
export const changedPerBlock = 37;

/**
 * Pure. One block of course sections of about 1.2 KB, ascending by id. Equal seeds give equal blocks. 17 are changed on our side only,
 * 17 on theirs only, one on both sides in different fields, one on both sides alike, and one is a conflict.
 */
export function generateBlock(seed: number, block: number): readonly SectionTriple[] {
  const random = createSeededRandom('sections', seed, block);
  const changed = random.sample(blockSize, changedPerBlock);
  const changes = new Map(changed.map((position, index) => [position, changeOf(index, block)]));
  return Array.from({ length: blockSize }, (_, position) => {
    const section = createSection(block * blockSize + position, random);
    const change = changes.get(position);
    return { id: section.id, ...(change?.(section) ?? { base: section, ours: section, theirs: section }) };
  });
}

type Change = (section: Section) => Omit<SectionTriple, 'id'>;
type Edit = (section: Section) => JsonObject | undefined;

function changeOf(index: number, block: number): Change {
  if (index === 0) return conflicts[block % conflicts.length] as Change;
  if (index === 1) return (base) => ({ base, ours: edits.field(base), ...theirs(edits.element(base)) });
  if (index === 2) return (base) => ({ base, ours: edits.field(base), ...theirs(edits.field(base)) });
  if (index === 3) return (base) => ({ ours: base });
  if (index === 4) return (base) => ({ theirs: base });
  const edit = oneSided[(index + block) % oneSided.length] as Edit;
  const isOurs = index % 2 === 1;
  return (base) => {
    const after = edit(base);
    if (!isOurs) return { base, ours: base, ...theirs(after) };
    return after === undefined ? { base, theirs: base } : { base, ours: after, theirs: base };
  };
}

/** Their side stamps what it changed: the field is volatile. */
function theirs(section: JsonObject | undefined): { readonly theirs?: JsonObject } {
  return section === undefined
    ? {}
    : { theirs: { ...section, dateLastModified: '2026-09-02T05:10:00.000Z' } };
}

const edits = {
  field: (section) => ({ ...section, title: `${section.title} (honors)` }),
  nested: (section) => ({ ...section, site: { ...section.site, phone: '+1 555 0199' } }),
  element: (section) => ({ ...section, meetings: editMeeting(section, 1, { room: 'Gym 2' }) }),
  newElement: (section) => ({ ...section, meetings: [...section.meetings, meeting(9, 'Saturday', 'Lab 4')] }),
  newMember: (section) => ({ ...section, notes: 'Bring a calculator' }),
  noMember(section) {
    const { location: _, ...rest } = section;
    return rest;
  },
  list: (section) => ({ ...section, periods: ['1', '2', '7'] }),
  gone: () => undefined,
} satisfies Record<string, (section: Section) => JsonObject | undefined>;

const oneSided: readonly Edit[] = Object.values(edits);

const conflicts: readonly Change[] = [
  (base) => ({
    base,
    ours: edits.field(base),
    ...theirs({ ...base, title: 'Renamed' }),
    conflict: '/title',
  }),
  (base) => ({
    base,
    ours: edits.element(base),
    ...theirs({ ...base, meetings: editMeeting(base, 1, { room: 'Aula' }) }),
    conflict: '/meetings/m1/room',
  }),
  (base) => ({ base, ...theirs(edits.nested(base)), conflict: '' }),
  (base) => ({
    base,
    ours: edits.newMember(base),
    ...theirs({ ...base, notes: 'Bring a ruler' }),
    conflict: '/notes',
  }),
];

function editMeeting({ meetings }: Section, index: number, change: JsonObject): readonly JsonValue[] {
  return meetings.map((each, position) => (position === index ? { ...each, ...change } : each));
}

type Section = ReturnType<typeof createSection>;

/** About 1.2 KB; one title in twenty is in a script of its own, as names are. */
function createSection(index: number, random: SeededRandom) {
  const id = `section-${String(index).padStart(9, '0')}`;
  const subject = random.pick(subjects);
  return {
    id,
    status: 'active',
    dateLastModified: '2026-08-15T07:30:00.000Z',
    title: random.chance(0.05)
      ? `Язык и литература ${index}`
      : `${subject} ${index % 12}, group ${index % 7}`,
    sectionCode: `${subject.slice(0, 3).toUpperCase()}-${index % 400}-${random.integer(90) + 10}`,
    sectionType: 'scheduled',
    description:
      'Bring your own device. Grades follow the standards of the district; see the syllabus of the course.',
    location: `Building ${random.integer(9)}, room ${random.integer(300)}`,
    grades: ['07', '08'],
    subjects: [subject],
    periods: ['1', '3'],
    capacity: 20 + random.integer(12),
    isOpen: random.chance(0.8),
    course: `course-${random.integer(4_000)}`,
    terms: ['term-2026-fall', 'term-2026-year'],
    site: {
      id: `school-${random.integer(60)}`,
      name: 'Springfield Middle School',
      phone: `+1 555 01${10 + random.integer(80)}`,
      address: {
        street: `${random.integer(900)} Evergreen Terrace`,
        city: 'Springfield',
        postalCode: '49007',
      },
    },
    teachers: [
      { id: `user-${random.integer(9_000)}`, role: 'primary' },
      { id: `user-${random.integer(9_000)}`, role: 'assistant' },
    ],
    meetings: weekdays.map((day, number) => meeting(number, day, `Room ${random.integer(300)}`)),
    metadata: {
      source: 'sis',
      importBatch: `batch-${random.integer(400)}`,
      externalKey: `k-${index * 7919}`,
    },
  };
}

const subjects = ['Mathematics', 'Physical education', 'Biology', 'History', 'Spanish', 'Music'];
const weekdays = ['Monday', 'Tuesday', 'Thursday', 'Friday'];

function meeting(number: number, day: string, room: string) {
  return { id: `m${number}`, day, begin: '08:15', end: '09:00', room, isOnline: false };
}
