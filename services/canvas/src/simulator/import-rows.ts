import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { joinIds } from '@flotilla/substrate/vendor';
import { canvasId, rootAccountId } from './canvas-id.ts';
import { type CanvasStore, findBySis, findIn } from './finder.ts';
import { canvasTime } from './local-midnight.ts';
import { textOf } from './text-of.ts';

export type Row = Readonly<Record<string, string>>;

export interface RowImport {
  readonly store: CanvasStore;
  readonly at: string;
  /** Whether what people have changed in Canvas is overwritten too. */
  readonly overrides: boolean;
  /** Names as an import has left them, by user: other ones somebody has changed in Canvas. */
  readonly importedNames: Map<string, string>;
}

/** What a file is, by its columns; what is taken of it, row by row. A row that is not taken says why. */
export interface Importer {
  readonly name: 'user' | 'enrollment' | 'account' | 'term' | 'course' | 'section';
  readonly isOf: (columns: ReadonlySet<string>) => boolean;
  readonly take: (row: Row, context: RowImport) => string | undefined;
}

export const importers: readonly Importer[] = [
  { name: 'user', isOf: (has) => has.has('user_id') && has.has('login_id'), take: takeUser },
  {
    name: 'enrollment',
    isOf: (has) => has.has('user_id') && (has.has('section_id') || has.has('course_id')),
    take: takeEnrollment,
  },
  { name: 'section', isOf: (has) => has.has('section_id') && has.has('course_id'), take: takeSection },
  { name: 'course', isOf: (has) => has.has('course_id') && has.has('short_name'), take: takeCourse },
  {
    name: 'account',
    isOf: (has) => has.has('account_id') && has.has('parent_account_id'),
    take: takeAccount,
  },
  { name: 'term', isOf: (has) => has.has('term_id') && has.has('name'), take: takeTerm },
];

function takeUser(row: Row, { store, at, overrides, importedNames }: RowImport): string | undefined {
  const { user_id = '', login_id = '', status = '', email = '' } = row;
  if (user_id === '') return 'No user_id given for a user';
  if (login_id === '') return `No login_id given for user ${user_id}`;
  if (!/^(active|deleted|suspended)/i.test(status)) return `Improper status for user ${user_id}`;
  const byLogin = findIn(store, 'users', `sis_login_id:${login_id}`);
  const known = findBySis(store, 'users', user_id) ?? byLogin;
  const owner = byLogin ?? known;
  if (owner !== undefined && textOf(owner.sis_user_id) !== '' && owner.sis_user_id !== user_id)
    return `user ${textOf(owner.sis_user_id)} has already claimed ${user_id}'s requested login information, skipping`;
  if (/^deleted/i.test(status)) {
    if (known !== undefined) removeUser(store, textOf(known.id));
    return undefined;
  }
  const id = textOf(known?.id) || canvasId('imported user', user_id);
  const name = nameIn(row);
  const before = textOf(known?.name);
  const isSticky = known !== undefined && before !== (importedNames.get(id) ?? before) && !overrides;
  const names = isSticky ? {} : { name, sortable_name: sortableIn(row), short_name: row.short_name || name };
  if (!isSticky) importedNames.set(id, name);
  store.put('users', id, {
    id,
    created_at: at,
    integration_id: null,
    sis_import_id: null,
    email: null,
    ...known,
    ...names,
    sis_user_id: user_id,
    login_id,
    ...(email === '' ? {} : { email }),
  });
  return undefined;
}

/** "If present, used to construct full_name and/or sortable_name"; without any of them the name is blank. */
function nameIn({ full_name = '', first_name = '', last_name = '' }: Row): string {
  return full_name || [first_name, last_name].filter((part) => part !== '').join(' ');
}

function sortableIn({ sortable_name = '', full_name = '', first_name = '', last_name = '' }: Row): string {
  if (sortable_name !== '') return sortable_name;
  if (full_name === '') return [last_name, first_name].filter((part) => part !== '').join(', ');
  const [family = '', ...given] = full_name.split(' ').toReversed();
  return given.length === 0 ? full_name : `${family}, ${given.toReversed().join(' ')}`;
}

/** With their enrollments, and so with their grades. */
function removeUser(store: CanvasStore, id: string): void {
  for (const one of store.where('enrollments', 'user_id', id)) store.remove('enrollments', textOf(one.id));
  for (const { course_id, section_id, assignment_id } of store.where('submissions', 'user_id', id))
    store.remove('submissions', joinIds(...[course_id, section_id, assignment_id, id].map(textOf)));
  store.remove('users', id);
}

const enrollmentTypes: readonly (readonly [RegExp, string])[] = [
  [/^teacher$/i, 'TeacherEnrollment'],
  [/^student$/i, 'StudentEnrollment'],
  [/^ta$/i, 'TaEnrollment'],
  [/^observer$/i, 'ObserverEnrollment'],
  [/^designer$/i, 'DesignerEnrollment'],
];

function takeEnrollment(row: Row, { store, at }: RowImport): string | undefined {
  const { course_id = '', section_id = '', user_id = '', role = '', status = '' } = row;
  if (course_id === '' && section_id === '') return 'No course_id or section_id given for an enrollment';
  if (user_id === '') return 'No user_id given for an enrollment';
  const type = enrollmentTypes.find(([pattern]) => pattern.test(role))?.[1];
  if (type === undefined) return `Improper role "${role}" for an enrollment`;
  const state = /^(active|deleted|completed|inactive)/i.exec(status)?.[1]?.toLowerCase();
  if (state === undefined) return `Improper status "${status}" for an enrollment`;
  const course = course_id === '' ? undefined : findBySis(store, 'courses', course_id);
  const section =
    section_id === ''
      ? store.where('sections', 'course_id', textOf(course?.id))[0]
      : findBySis(store, 'sections', section_id);
  const user = findBySis(store, 'users', user_id);
  if (course === undefined && section === undefined)
    return `Neither course ${course_id} nor section ${section_id} existed for user enrollment`;
  if (user === undefined) return `User ${user_id} didn't exist for user enrollment`;
  if (section === undefined) return `An enrollment referenced a non-existent section ${section_id}`;
  if (course_id !== '' && course === undefined)
    return `An enrollment referenced a non-existent course ${course_id}`;
  if (course !== undefined && section.course_id !== course.id)
    return 'An enrollment listed a section and a course that are unrelated';
  const known = store
    .where('enrollments', 'user_id', textOf(user.id))
    .find((one) => one.course_section_id === section.id && one.type === type);
  const id = textOf(known?.id) || canvasId('imported enrollment', textOf(section.id), textOf(user.id), type);
  if (state === 'deleted') {
    store.remove('enrollments', id);
    return undefined;
  }
  store.put('enrollments', id, {
    id,
    created_at: at,
    associated_user_id: null,
    ...known,
    ...enrollmentOf(user, section, type),
    enrollment_state: state,
    updated_at: at,
    ...datesIn(row),
  });
  return undefined;
}

/** What follows from who is in what, as what. */
function enrollmentOf(user: JsonObject, section: JsonObject, type: string): JsonObject {
  const { course_id = '', sis_course_id = null, sis_section_id = null, id: course_section_id = '' } = section;
  return {
    user_id: user.id ?? '',
    course_id,
    course_section_id,
    type,
    role: type,
    root_account_id: rootAccountId,
    limit_privileges_to_course_section: false,
    sis_user_id: user.sis_user_id ?? null,
    sis_course_id,
    sis_section_id,
    sis_import_id: null,
  };
}

function takeSection(row: Row, { store, at }: RowImport): string | undefined {
  const { section_id = '', course_id = '', name = '', status = '' } = row;
  if (section_id === '') return `No section_id given for a section in course ${course_id}`;
  if (course_id === '') return `No course_id given for a section ${section_id}`;
  if (!/^(active|deleted)/i.test(status))
    return `Improper status "${status}" for section ${section_id} in course ${course_id}`;
  const course = findBySis(store, 'courses', course_id);
  if (course === undefined) return `Section ${section_id} references course ${course_id} which doesn't exist`;
  if (name === '') return `No name given for section ${section_id} in course ${course_id}`;
  const known = findBySis(store, 'sections', section_id);
  if (/^deleted/i.test(status)) {
    if (known !== undefined) removeSection(store, known);
    return undefined;
  }
  const id = textOf(known?.id) || canvasId('imported section', section_id);
  const made = { id, created_at: at, nonxlist_course_id: null };
  const told = { course_id: textOf(course.id), sis_course_id: course_id, name, sis_section_id: section_id };
  const dates = datesIn(row);
  const restrict_enrollments_to_section_dates = dates.start_at !== null || dates.end_at !== null;
  store.put('sections', joinIds(textOf(course.id), id), {
    ...made,
    ...known,
    ...told,
    ...dates,
    ...integrationIdIn(row),
    restrict_enrollments_to_section_dates,
  });
  return undefined;
}

/** With who is enrolled in it. */
function removeSection(store: CanvasStore, { id, course_id }: JsonObject): void {
  for (const one of store.where('enrollments', 'course_section_id', textOf(id)))
    store.remove('enrollments', textOf(one.id));
  store.remove('sections', joinIds(textOf(course_id), textOf(id)));
}

function takeCourse(row: Row, { store, at }: RowImport): string | undefined {
  const { course_id = '', short_name = '', long_name = '', account_id = '', term_id = '', status = '' } = row;
  if (course_id === '') return 'No course_id given for a course';
  if (short_name === '') return `No short_name given for course ${course_id}`;
  if (long_name === '') return `No long_name given for course ${course_id}`;
  if (!/^(active|deleted|completed|published)/i.test(status))
    return `Improper status "${status}" for course ${course_id}`;
  // What is not found is passed over without a word.
  const account = account_id === '' ? undefined : findSubAccount(store, account_id);
  const term = term_id === '' ? undefined : findBySis(store, 'terms', term_id);
  const known = findBySis(store, 'courses', course_id);
  const id = textOf(known?.id) || canvasId('imported course', course_id);
  if (/^deleted/i.test(status)) {
    for (const section of store.where('sections', 'course_id', id)) removeSection(store, section);
    store.remove('courses', id);
    return undefined;
  }
  store.put('courses', id, {
    id,
    created_at: at,
    root_account_id: rootAccountId,
    ...known,
    workflow_state: stateAfter(textOf(known?.workflow_state), status),
    name: long_name,
    course_code: short_name,
    sis_course_id: course_id,
    account_id: textOf(account?.id) || textOf(known?.account_id) || rootAccountId,
    enrollment_term_id: textOf(term?.id) || textOf(known?.enrollment_term_id) || '1',
    ...datesIn(row),
    ...integrationIdIn(row),
  });
  return undefined;
}

/** What is completed begins again where it is said to be active; what nobody has published is not published by that. */
function stateAfter(before: string, status: string): string {
  if (/^completed/i.test(status)) return 'completed';
  if (/^published/i.test(status) || before === 'completed') return 'available';
  return before === 'available' ? 'available' : 'unpublished';
}

/** The root account has no SIS id as far as imports go. */
function findSubAccount(store: CanvasStore, sisId: string): JsonObject | undefined {
  const account = findBySis(store, 'accounts', sisId);
  return account?.id === rootAccountId ? undefined : account;
}

function takeAccount(row: Row, { store }: RowImport): string | undefined {
  const { account_id = '', parent_account_id = '', name = '', status = '' } = row;
  if (account_id === '') return 'No account_id given for an account';
  const parent = parent_account_id === '' ? undefined : findSubAccount(store, parent_account_id);
  if (parent_account_id !== '' && parent === undefined)
    return `Parent account didn't exist for ${account_id}`;
  const known = findSubAccount(store, account_id);
  if (known === undefined && name === '') return `No name given for account ${account_id}, skipping`;
  if (known === undefined && !/^(active|deleted)/i.test(status))
    return `Improper status "${status}" for account ${account_id}, skipping`;
  const id = textOf(known?.id) || canvasId('imported account', account_id);
  if (/^deleted/i.test(status)) {
    const because = `Cannot delete the sub_account with ID: ${account_id} because it has active`;
    if (store.where('accounts', 'parent_account_id', id).length > 0) return `${because} sub accounts.`;
    if (store.where('courses', 'account_id', id).length > 0) return `${because} courses.`;
    store.remove('accounts', id);
    return undefined;
  }
  store.put('accounts', id, {
    id,
    workflow_state: 'active',
    ...known,
    name: name || textOf(known?.name),
    sis_account_id: account_id,
    parent_account_id: textOf(parent?.id) || rootAccountId,
    root_account_id: rootAccountId,
    ...integrationIdIn(row),
  });
  return undefined;
}

function takeTerm(row: Row, { store, at }: RowImport): string | undefined {
  const { term_id = '', name = '', status = '' } = row;
  if (term_id === '') return 'No term_id given for a term';
  if (name === '') return `No name given for term ${term_id}`;
  if (!/^(active|deleted)/i.test(status)) return `Improper status "${status}" for term ${term_id}`;
  const known = findBySis(store, 'terms', term_id);
  const id = textOf(known?.id) || canvasId('imported term', term_id);
  if (/^deleted/i.test(status)) {
    if (store.where('courses', 'enrollment_term_id', id).length > 0)
      return `A term did not pass validation (term: ${term_id} / ${name}, error: Cannot delete a term with active courses)`;
    store.remove('terms', id);
    return undefined;
  }
  const made = { id, created_at: at, workflow_state: 'active' };
  store.put('terms', id, { ...made, ...known, name, sis_term_id: term_id, ...datesIn(row) });
  return undefined;
}

/** A column that is left out is as good as blank, and blank empties. */
function integrationIdIn({ integration_id = '' }: Row): JsonObject {
  return { integration_id: integration_id || null };
}

/** Blank ones too: they take away what was there. What is no date counts as blank. */
function datesIn({ start_date = '', end_date = '' }: Row) {
  const [start_at = null, end_at = null] = [start_date, end_date].map((text) => {
    const moment = Date.parse(text);
    return Number.isNaN(moment) ? null : canvasTime(new Date(moment).toISOString());
  });
  return { start_at, end_at };
}
