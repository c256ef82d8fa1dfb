/** Roles as OneRoster calls them, but for administrators, of whom it has several kinds. */
export const roleWords = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  parent: 'parent',
  guardian: 'guardian',
  ta: 'ext:ta',
  staff: 'ext:staff',
  observer: 'ext:observer',
  designer: 'ext:designer',
  member: 'ext:member',
} as const;
