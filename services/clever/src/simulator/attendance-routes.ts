import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import {
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type SimulatedResponse,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames, oneOf, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import type { CleverStore } from './collections.ts';
import { pageOf } from './list-page.ts';

const paging = ['limit', 'starting_after', 'ending_before'];
const dates = ['date_range_start', 'date_range_end'];
const members = { schools: 'school_id', sections: 'section_id' } as const;

/** The Attendance API, which only 3.1 has. */
export function attendanceRoutes(store: CleverStore): Readonly<Record<string, Route | ListRoute>> {
  const below = (of: keyof typeof members): ListRoute => ({
    list: (request) => {
      const { id = '' } = request.params;
      const refusal = checkQuery(request);
      if (refusal !== undefined) return refusal;
      if (store.get(of, id) === undefined) return { status: 404, description: `Resource not found: ${id}` };
      const kept = store.where('attendance', members[of], id).filter((mark) => isAsked(request, mark));
      const page = pageOf(request, kept, (mark) => mark);
      return isProblem(page) ? page : withoutIdleLinks(page);
    },
  });
  return {
    'GET /v3.1/attendance/schools/:id': below('schools'),
    'GET /v3.1/attendance/sections/:id': below('sections'),
  };
}

function checkQuery({ query }: SimulatedRequest): VendorProblem | undefined {
  const refusal = checkNames(query, [...paging, ...dates, 'attendance_status']);
  if (refusal !== undefined) return refusal;
  const wrong = dates.find((name) => !/^(\d{4}-\d\d-\d\d)?$/.test(query.get(name) ?? ''));
  if (wrong !== undefined) return { status: 400, description: `${wrong} must be a date, YYYY-MM-DD` };
  const limit = wholeNumber(query, 'limit', { fallback: 100, least: 1, most: 1000 });
  if (typeof limit === 'object') return limit;
  const status = oneOf(query, 'attendance_status', ['present', 'absent', 'tardy']);
  return typeof status === 'object' ? status : undefined;
}

function isAsked({ query }: SimulatedRequest, { attendance_date, attendance_status }: JsonObject): boolean {
  const date = typeof attendance_date === 'string' ? attendance_date : '';
  const [from = '', to = ''] = dates.map((name) => query.get(name) ?? '');
  const status = query.get('attendance_status');
  return (
    (from === '' || date >= from) &&
    (to === '' || date <= to) &&
    (status === null || status === attendance_status)
  );
}

/** Where there is neither a page before nor one after, this API leaves the links out. */
function withoutIdleLinks({ page, ...answer }: SimulatedResponse): SimulatedResponse {
  if (page === undefined) return answer;
  const wrap: typeof page.wrap = (records) => {
    const body = page.wrap(records);
    const { links, ...rest } = isJsonObject(body) ? body : {};
    return Array.isArray(links) && links.length > 1 ? { ...rest, links } : rest;
  };
  return { ...answer, page: { ...page, wrap } };
}
