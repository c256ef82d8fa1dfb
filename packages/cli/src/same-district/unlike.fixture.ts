const terms = 'It tells one session of a class, the whole year, where OneRoster lists its quarters';
const gradedOnly = 'It dates only what was graded';
const sessionTypes = 'It knows terms only, no school years and semesters';
const idTypes = 'The same number, under the name that it has there';

/**
 * By vendor, `<entity type>.<member>`: what both it and OneRoster show and do not show alike, and why. An entity type alone: its rows are others.
 * Everything else is compared, row by row.
 */
export const unlike: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  canvas: {
    'academicSession.type': sessionTypes,
    'class.termSourcedIds': terms,
    'course.orgSourcedId': "A course is of its school's account",
    'course.schoolYearSourcedId': 'A course has one term, whatever that is',
    'result.scoreDate': gradedOnly,
    'user.roles': 'Who teaches and who learns is told in each course',
  },
  clever: {
    'academicSession.type': sessionTypes,
    'class.subjects': 'Its list of subjects is short; others are left out',
    'class.termSourcedIds': terms,
    'demographics.americanIndianOrAlaskaNative': 'Of more than one race it says just that',
    'demographics.asian': 'Of more than one race it says just that',
    'demographics.blackOrAfricanAmerican': 'Of more than one race it says just that',
    'demographics.nativeHawaiianOrOtherPacificIslander': 'Of more than one race it says just that',
    'demographics.white': 'Of more than one race it says just that',
    'user.preferredFirstName': 'It knows the preferred names of students only',
  },
  'ed-fi': {
    'class.termSourcedIds': terms,
    'course.orgSourcedId': 'A course is taught by a school, and stands once for each that teaches it',
    'course.subjects': 'Its academic subjects are fewer',
    'enrollment.primary': 'It tells the teacher of record, and nothing of that of students',
    'lineItem.assignDate': 'It knows the day, not the hour',
    'result.missing': 'It tells what is missing, and nothing of the rest',
    'result.scoreDate': gradedOnly,
    'user.roles': 'It tells since when somebody is at a school, and of no school for guardians',
    'user.userIds': idTypes,
  },
  edlink: {
    'class.subjectCodes': 'It has codes of its own for subjects',
    'course.subjectCodes': 'It has codes of its own for subjects',
  },
  'ellucian-ethos': {
    'academicSession.parentSourcedId': 'Terms are parts of years; there are no semesters between',
    'academicSession.type': sessionTypes,
    'class.termSourcedIds': terms,
    'enrollment.primary': 'It tells the primary instructor, and nothing of that of students',
    lineItem: 'It knows one grade a section, the final one',
    result: 'It knows one grade a section, the final one',
    'user.roles': 'Roles are at the institution, not at a campus',
    'user.userIds': idTypes,
  },
  'google-classroom': {
    'class.courseSourcedId': 'Its courses are classes; each has a course of its own',
    'class.termSourcedIds': 'It knows no terms',
    'org.parentSourcedId': 'Schools stand in a folder of organizational units',
    'result.scoreDate': gradedOnly,
    'user.roles': 'A person is in one organizational unit',
  },
};
