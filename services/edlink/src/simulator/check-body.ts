import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { jsonObjectIn } from '@flotilla/substrate/testing/simulator/json-body';
import { refuse, type Warning } from './refusal.ts';

type Check = (value: JsonValue) => JsonValue | undefined;

function words(known: readonly string[]): Check {
  return (value) => (typeof value === 'string' && known.includes(value) ? value : undefined);
}

const text: Check = (value) => (typeof value === 'string' ? value : undefined);
const filledText: Check = (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined);
const number: Check = (value) => (typeof value === 'number' ? value : undefined);
/** Also as text, as Edlink's own example has it. */
const points: Check = (value) =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
    ? value
    : undefined;
const list: Check = (value) => (Array.isArray(value) ? value : undefined);
/** Kept in UTC with milliseconds; without a zone it is taken for UTC. */
const date: Check = (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) return undefined;
  const moment = new Date(hasZone(value) ? value : `${value}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
};

function hasZone(value: string): boolean {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(value);
}

export interface BodyRules {
  readonly fields: Readonly<Record<string, Check>>;
  readonly required: readonly string[];
}

const assignmentFields = {
  title: filledText,
  description: filledText,
  description_plaintext: text,
  due_date: date,
  display_date: date,
  start_date: date,
  end_date: date,
  assignee_mode: words(['all', 'individuals']),
  assignee_ids: list,
  points_possible: number,
  grading_type: words(['points', 'percent', 'pass_fail', 'letter_grade', 'rubric']),
  submission_types: list,
  max_attempts: number,
  session_id: text,
  category_id: text,
};

/** What each write may bring, by Edlink's documents. */
export const bodyRules = {
  createAssignment: {
    fields: { ...assignmentFields, attachments: list },
    required: ['title', 'description', 'due_date', 'grading_type'],
  },
  updateAssignment: {
    fields: { ...assignmentFields, state: words(['draft', 'scheduled', 'open', 'locked']) },
    required: [],
  },
  createCategory: {
    fields: { title: filledText, weight: number, drop_lowest: number, position: number },
    required: ['title'],
  },
  updateCategory: {
    fields: { title: filledText, weight: number, drop_lowest: number, position: number },
    required: [],
  },
  updateSubmission: {
    fields: {
      grader_id: text,
      flags: list,
      grade_comment: text,
      grade_points: points,
      grade: text,
      extra_attempts: number,
      override_due_date: date,
    },
    required: [],
  },
} as const satisfies Record<string, BodyRules>;

export interface CheckedBody {
  readonly members: JsonObject;
  readonly warnings: readonly Warning[];
}

/** What is taken of a body: strange members are ignored with a warning, a wrong or missing one refuses all. Null empties a member. */
export function checkBody(
  request: SimulatedRequest,
  { fields, required }: BodyRules,
): CheckedBody | VendorProblem {
  const body = parseJson(request);
  if (body === undefined)
    return refuse('INVALID_BODY', 'The body must be a JSON object, sent as application/json');
  const taken = request.query.get('$properties')?.split(',');
  const members: Record<string, JsonValue> = {};
  const warnings: Warning[] = [];
  for (const [name, value] of Object.entries(body)) {
    const check = fields[name];
    if (check === undefined) {
      warnings.push({ code: 'FOUND_UNEXPECTED_FIELD', message: `${name} is ignored` });
    } else if (taken === undefined || taken.includes(name)) {
      const checked = value === null && !required.includes(name) ? null : check(value);
      if (checked === undefined) return wrongField(name);
      if (check === date && typeof value === 'string' && !hasZone(value))
        warnings.push({ code: 'DATETIME_MISSING_TIMEZONE', message: `${name} is taken for UTC` });
      members[name] = checked;
    }
  }
  const missing = required.filter((name) => members[name] === undefined);
  if (missing.length > 0) return refuse('MISSING_REQUIRED_FIELD', `Missing: ${missing.join(', ')}`);
  const types = members.submission_types;
  const known = ['link', 'file', 'text', 'discussion'];
  if (Array.isArray(types) && !types.every((type) => known.includes(String(type))))
    return refuse('INVALID_SUBMISSION_TYPE', `Submission types are ${known.join(', ')}`);
  return { members, warnings };
}

function wrongField(name: string): VendorProblem {
  const code = ['title', 'description', 'due_date', 'grading_type'].includes(name)
    ? 'MISSING_REQUIRED_FIELD'
    : 'INVALID_FIELD';
  return refuse(code, `${name} is missing or not of the expected kind`);
}

function parseJson({ headers, body }: SimulatedRequest): JsonObject | undefined {
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json') return undefined;
  return jsonObjectIn(body);
}
