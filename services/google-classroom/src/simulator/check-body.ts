import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { type SimulatedRequest, type VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { invalid } from './refusal.ts';
import { textOf } from './text-of.ts';

/** A message of protocol buffers in JSON: its fields by name, `undefined` for a kind that holds anything. */
export type Fields = Readonly<Record<string, Kind>>;
export type Kind =
  | 'text'
  | 'double'
  | 'int'
  | 'moment'
  | 'any'
  | readonly string[]
  | { readonly message: Fields };

const date: Kind = { message: { year: 'int', month: 'int', day: 'int' } };
const time: Kind = { message: { hours: 'int', minutes: 'int', seconds: 'int', nanos: 'int' } };

/** All fields of a `CourseWork`; those that only Google sets are taken and passed over. */
export const courseWorkFields: Fields = {
  courseId: 'text',
  id: 'text',
  title: 'text',
  description: 'text',
  materials: 'any',
  state: ['COURSE_WORK_STATE_UNSPECIFIED', 'PUBLISHED', 'DRAFT', 'DELETED'],
  alternateLink: 'text',
  creationTime: 'moment',
  updateTime: 'moment',
  dueDate: date,
  dueTime: time,
  scheduledTime: 'moment',
  maxPoints: 'double',
  workType: [
    'COURSE_WORK_TYPE_UNSPECIFIED',
    'ASSIGNMENT',
    'SHORT_ANSWER_QUESTION',
    'MULTIPLE_CHOICE_QUESTION',
  ],
  associatedWithDeveloper: 'any',
  assigneeMode: ['ASSIGNEE_MODE_UNSPECIFIED', 'ALL_STUDENTS', 'INDIVIDUAL_STUDENTS'],
  individualStudentsOptions: 'any',
  submissionModificationMode: [
    'SUBMISSION_MODIFICATION_MODE_UNSPECIFIED',
    'MODIFIABLE_UNTIL_TURNED_IN',
    'MODIFIABLE',
  ],
  creatorUserId: 'text',
  topicId: 'text',
  gradeCategory: 'any',
  gradingPeriodId: 'text',
  assignment: 'any',
  multipleChoiceQuestion: 'any',
};

export const submissionFields: Fields = {
  courseId: 'text',
  courseWorkId: 'text',
  id: 'text',
  userId: 'text',
  creationTime: 'moment',
  updateTime: 'moment',
  state: ['SUBMISSION_STATE_UNSPECIFIED', 'NEW', 'CREATED', 'TURNED_IN', 'RETURNED', 'RECLAIMED_BY_STUDENT'],
  late: 'any',
  draftGrade: 'double',
  assignedGrade: 'double',
  alternateLink: 'text',
  courseWorkType: 'any',
  associatedWithDeveloper: 'any',
  submissionHistory: 'any',
  assignmentSubmission: 'any',
  shortAnswerSubmission: 'any',
  multipleChoiceSubmission: 'any',
};

/** The body as a message of these fields, or Google's refusal: a field that it does not know, or a value of another kind. */
export function readMessage(
  request: SimulatedRequest,
  name: string,
  fields: Fields,
): JsonObject | VendorProblem {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    return invalid(`Invalid JSON payload received. Unexpected content type ${type ?? 'none'}.`);
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return invalid('Invalid JSON payload received. Unexpected token.');
  }
  if (!isJsonObject(body)) return invalid('Invalid JSON payload received. Root element must be a message.');
  return checkMessage(body, name, fields) ?? body;
}

function checkMessage(message: JsonObject, at: string, fields: Fields): VendorProblem | undefined {
  for (const [name, value] of Object.entries(message)) {
    const kind = fields[name];
    if (kind === undefined)
      return invalid(`Invalid JSON payload received. Unknown name "${name}" at '${at}': Cannot find field.`);
    // Null stands for the value of a field that is not there.
    const wrong = value === null ? undefined : checkValue(value, `${at}.${toSnake(name)}`, kind);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkValue(value: JsonValue, at: string, kind: Kind): VendorProblem | undefined {
  if (typeof kind === 'object' && 'message' in kind)
    return isJsonObject(value) ? checkMessage(value, at, kind.message) : wrongValue(at, 'MESSAGE', value);
  if (typeof kind === 'object')
    return kind.includes(textOf(value)) ? undefined : wrongValue(at, 'TYPE_ENUM', value);
  switch (kind) {
    case 'any':
      return undefined;
    case 'text':
      return typeof value === 'string' ? undefined : wrongValue(at, 'TYPE_STRING', value);
    case 'double':
      return Number.isFinite(Number(value)) && value !== ''
        ? undefined
        : wrongValue(at, 'TYPE_DOUBLE', value);
    case 'int':
      return Number.isInteger(value) ? undefined : wrongValue(at, 'TYPE_INT32', value);
    case 'moment':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? undefined
        : wrongValue(at, 'type.googleapis.com/google.protobuf.Timestamp', value);
  }
}

function wrongValue(at: string, type: string, value: JsonValue): VendorProblem {
  return invalid(`Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`);
}

/** Pure. `dueDate` as `due_date`: how Google's own messages call fields. */
function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What of a mask is meant, in either spelling; Google's refusal of one that is missing, or that names what cannot be changed. */
export function readMask(
  request: SimulatedRequest,
  allowed: readonly string[],
): readonly string[] | VendorProblem {
  const mask = request.query.get('updateMask');
  const names = (mask ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0)
    return invalid('@NonUpdatableField update_mask is required and names the fields to update');
  const found = names.map((name) => allowed.find((known) => name === known || name === toSnake(known)));
  const strange = found.indexOf(undefined);
  if (strange !== -1) return invalid(`@NonUpdatableField ${names[strange]} cannot be updated`);
  return found.filter((name) => name !== undefined);
}

/** Pure. The record with those members that the mask names as the message has them, or without. */
export function patched(record: JsonObject, message: JsonObject, mask: readonly string[]): JsonObject {
  const after: Record<string, JsonValue> = { ...record };
  for (const name of mask) {
    const value = message[name];
    if (value === undefined || value === null || value === '') delete after[name];
    else after[name] = value;
  }
  return after;
}
