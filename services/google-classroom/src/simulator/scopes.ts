/** Pure. The whole name. */
export function scopeUrl(name: string): string {
  return `https://www.googleapis.com/auth/${name}`;
}

/** Any of them will do, as the discovery documents say of each method. */
const byRoute: readonly (readonly [pattern: RegExp, scopes: readonly string[]])[] = [
  [/^GET \/admin\/directory\/v1\/users/, readOrWrite('admin.directory.user')],
  [/^GET \/admin\/directory\/v1\/customer/, readOrWrite('admin.directory.orgunit')],
  [/^GET \/v1\/userProfiles\/:\w+\/guardians/, readOrWrite('classroom.guardianlinks.students')],
  [
    /^GET \/v1\/userProfiles/,
    [...readOrWrite('classroom.rosters'), 'classroom.profile.emails', 'classroom.profile.photos'],
  ],
  [/^GET \/v1\/invitations/, readOrWrite('classroom.rosters')],
  [
    /^GET \/v1\/courses\/:\w+\/(students|teachers)/,
    [...readOrWrite('classroom.rosters'), 'classroom.profile.emails', 'classroom.profile.photos'],
  ],
  [
    /^GET .*\/studentSubmissions/,
    [...readOrWrite('classroom.coursework.students'), 'classroom.student-submissions.students.readonly'],
  ],
  [/^GET .*\/courseWork/, readOrWrite('classroom.coursework.students')],
  [/^\w+ .*\/courseWork/, ['classroom.coursework.students']],
  [/^GET .*\/topics/, readOrWrite('classroom.topics')],
  [/^GET .*\/announcements/, readOrWrite('classroom.announcements')],
  [/^GET \/v1\/courses/, readOrWrite('classroom.courses')],
];

function readOrWrite(name: string): readonly string[] {
  return [name, `${name}.readonly`];
}

/** Pure. The scopes of which a route's request needs one. */
export function scopesOf(route: string): readonly string[] {
  return byRoute.find(([pattern]) => pattern.test(route))?.[1] ?? [];
}

/** What the domain's administrator has granted, unless somebody says otherwise. */
export const grantableScopes: readonly string[] = [
  'admin.directory.orgunit.readonly',
  'admin.directory.user.readonly',
  'classroom.announcements.readonly',
  'classroom.courses.readonly',
  'classroom.coursework.students',
  'classroom.coursework.students.readonly',
  'classroom.guardianlinks.students.readonly',
  'classroom.profile.emails',
  'classroom.rosters.readonly',
  'classroom.topics.readonly',
];
