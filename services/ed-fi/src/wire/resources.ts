import { DateTime, optional } from '@flotilla/substrate/lenient';
import { at, naturalResources } from '@flotilla/substrate/vendor';
import { listAt } from '../connection.ts';
import { wordOf } from './lenient.ts';

/*
 * Pure. The ids of canonical records are natural keys, not the host's 32 hexadecimal digits: the `link` beside a reference, which has those,
 * is a feature that hosts switch off.
 */

const session = 'schoolId schoolYear sessionName';
const section = `${session} localCourseCode sectionIdentifier`;
const entry = 'namespace gradebookEntryIdentifier';

/** What names a record of each resource. Students have their number as it is, others may have the same one. */
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
  // No resource of its own: the same record as what one organization says of a student.
  toldOfStudents: 'studentReference{studentUniqueId} educationOrganizationReference{educationOrganizationId}',
  gradebookEntryTypeDescriptors: 'namespace codeValue',
  gradebookEntries: entry,
  studentGradebookEntries: `gradebookEntryReference{${entry}} studentReference{studentUniqueId}`,
  studentSectionAttendanceEvents: `studentReference{studentUniqueId} sectionReference{${section}} eventDate attendanceEventCategoryDescriptor`,
  studentSchoolAttendanceEvents: `studentReference{studentUniqueId} sessionReference{${session}} eventDate attendanceEventCategoryDescriptor`,
  assessments: 'namespace assessmentIdentifier',
  studentAssessments:
    'assessmentReference{namespace assessmentIdentifier} studentReference{studentUniqueId} studentAssessmentIdentifier',
} as const;

export const { idOf, referenceTo, IdOf, to, defineResource, defineSaid } = naturalResources(keys, {
  list: listAt,
  none: { limit: '0' },
  common: { dateLastModified: at('_lastModifiedDate', optional(DateTime)) },
  own: { id: 'id', etag: '_etag', others: ['_lastModifiedDate'] },
  read: (name, text) => {
    if (name.endsWith('Date')) return text.slice(0, 10);
    return name.endsWith('Descriptor') ? wordOf(text) : text;
  },
  isNumber: (name) => /^school(Id|Year)$/.test(name),
});
