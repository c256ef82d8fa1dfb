import { Failure } from '@flotilla/substrate/failure';
import { digestText } from '@flotilla/substrate/json/digest';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { wordOf } from './lenient.ts';

/*
 * Pure. The ids of canonical records are natural keys, not the host's 32 hexadecimal digits: references are made of natural keys in both
 * directions (the `link` beside them is a feature that hosts switch off), writes are upserts by them, and a record that a district deletes
 * and sends again keeps its key and gets another id.
 */

const session = 'schoolId schoolYear sessionName';
const section = `${session} localCourseCode sectionIdentifier`;
const entry = 'namespace gradebookEntryIdentifier';

/**
 * What names a record of each resource, in the order of its id. `r{a b}`: a and b stand in the reference r. `a?` may be absent, `a|b` is
 * whichever is there, `=a` is the text a: students have their number as it is, others may have the same one.
 */
export const keys = {
  educationOrganizations: 'educationOrganizationId',
  localEducationAgencies: 'localEducationAgencyId',
  schools: 'schoolId',
  schoolYearTypes: 'schoolYear',
  sessions: 'schoolReference{schoolId} schoolYearTypeReference{schoolYear} sessionName',
  // Data Standard 3 and 4 tell them apart by their sequence, 5 by their name.
  gradingPeriods:
    'schoolReference{schoolId} schoolYearTypeReference{schoolYear} gradingPeriodDescriptor gradingPeriodName|periodSequence',
  courses: 'educationOrganizationReference{educationOrganizationId} courseCode',
  courseOfferings: `sessionReference{${session}} localCourseCode`,
  sections: `courseOfferingReference{${session} localCourseCode} sectionIdentifier`,
  students: 'studentUniqueId',
  staffs: '=staff staffUniqueId',
  contacts: '=contact contactUniqueId',
  parents: '=contact parentUniqueId',
  studentSchoolAssociations: 'studentReference{studentUniqueId} schoolReference{schoolId} entryDate',
  staffEducationOrganizationAssignmentAssociations:
    '=staff staffReference{staffUniqueId} educationOrganizationReference{educationOrganizationId} staffClassificationDescriptor beginDate',
  studentSectionAssociations: `studentReference{studentUniqueId} sectionReference{${section}} beginDate`,
  // The date is part of the key since Data Standard 5.
  staffSectionAssociations: `=staff staffReference{staffUniqueId} sectionReference{${section}} beginDate?`,
  // Of the organization too, but what is read of it is the student's.
  studentEducationOrganizationAssociations: 'studentReference{studentUniqueId}',
  gradebookEntryTypeDescriptors: 'namespace codeValue',
  gradebookEntries: entry,
  studentGradebookEntries: `gradebookEntryReference{${entry}} studentReference{studentUniqueId}`,
  studentSectionAttendanceEvents: `studentReference{studentUniqueId} sectionReference{${section}} eventDate attendanceEventCategoryDescriptor`,
  studentSchoolAttendanceEvents: `studentReference{studentUniqueId} sessionReference{${session}} eventDate attendanceEventCategoryDescriptor`,
  assessments: 'namespace assessmentIdentifier',
  studentAssessments:
    'assessmentReference{namespace assessmentIdentifier} studentReference{studentUniqueId} studentAssessmentIdentifier',
} as const;
export type Resource = keyof typeof keys;

/** A natural key, side by side. */
export type Key = Readonly<Record<string, string | number>>;

const partsOf = new Map<string, ReturnType<typeof parse>>();
for (const [resource, key] of Object.entries(keys)) partsOf.set(resource, parse(key));

function parse(key: string) {
  return [...key.matchAll(/(?:(\w+)\{([^}]+)\})|(\S+)/g)].flatMap(([, reference, inner, own = '']) =>
    (inner ?? own).split(' ').map((name) => ({
      reference,
      names: name.replace('?', '').split('|'),
      isOptional: name.endsWith('?'),
      text: name.startsWith('=') ? name.slice(1) : undefined,
    })),
  );
}

/** The id of a record; undefined where a part of its key is missing. With `isFlat`, all parts stand side by side, as in references. */
export function idOf(resource: string, record: unknown, isFlat = false): string | undefined {
  const found: string[] = [];
  for (const { reference, names, isOptional, text } of partsOf.get(resource) ?? []) {
    const place = reference === undefined || isFlat ? record : memberOf(record, reference);
    const part = text ?? names.map((name) => partIn(place, name)).find((one) => one !== undefined);
    if (part === undefined && !isOptional) return undefined;
    if (part !== undefined) found.push(part.replace(/[%/]/g, encodeURIComponent));
  }
  const id = found.join('/');
  // Longer than an id may be: such a record can be read and referred to; what has to name its key can not be written.
  return id.length <= 255 ? id : `~${digestText(id)}`;
}

/** Pure. A member of what may be no object. */
export function memberOf(record: unknown, name: string): JsonValue | undefined {
  return isJsonObject(record as JsonValue) ? (record as JsonObject)[name] : undefined;
}

/** Pure. A text or a number as text; empty for what is neither. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function partIn(place: unknown, name: string): string | undefined {
  const text = textOf(memberOf(place, name)).trim();
  if (text === '') return undefined;
  if (name.endsWith('Date')) return text.slice(0, 10);
  const part = name.endsWith('Descriptor') ? wordOf(text) : text;
  // None is longer; the id of such a one would be a digest, and look sound.
  return part.length > 255 ? undefined : part;
}

/** The key that an id was made of, side by side; undefined for an id that names none of these. */
export function keyOf(resource: Resource, id: string): Key | undefined {
  const parts = partsOf.get(resource) ?? [];
  const found = id.split('/');
  if (found.length !== parts.length || id.startsWith('~')) return undefined;
  const members = parts.map(({ names: [name = ''] }, at): [string, string | number] => {
    const part = decodeURIComponent(found[at] ?? '');
    return [name, /^school(Id|Year)$/.test(name) ? Number(part) : part];
  });
  return Object.fromEntries(members.filter(([name]) => !name.startsWith('=')));
}

/** Pure. The reference to a record, whose key is in its id. Throws `push_rejected` for one that the host cannot know. */
export function referenceTo(resource: Resource, id: string): Key {
  const key = keyOf(resource, id);
  if (key !== undefined) return key;
  throw new Failure('push_rejected', 'The record points to one whose Ed-Fi key is not known', {
    data: { id },
  });
}
