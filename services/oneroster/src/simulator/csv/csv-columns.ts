import type { CollectionName, FieldKind, Version } from '../wire-fields.ts';

/** How one column of a file becomes one member of a REST object. */
export interface CsvColumn {
  readonly name: string;
  /** The member's name in REST. */
  readonly field: string;
  readonly kind: FieldKind;
  /** For references: the `type` pointed to. */
  readonly target: string | undefined;
  /** Without it, the file is something else than it claims to be. */
  readonly key: boolean;
}

export interface CsvFileKind {
  /** As in the manifest: `academicSessions`. */
  readonly name: string;
  /** The collection that its rows are records of; undefined where they only add to other records. */
  readonly collection: CollectionName | undefined;
  readonly columns: readonly CsvColumn[];
}

// A column reads [VERSION/]NAME[!][=FIELD][KIND]: `!` marks the columns by which the file is recognised; the kinds are those of
// wire-fields.ts.
const people =
  'username userIds{} givenName! familyName! middleName identifier email sms phone agentSourcedIds=agents[]>user grades[] password';
const lines: Readonly<Record<string, readonly [collection: CollectionName | undefined, columns: string]>> = {
  orgs: ['orgs', 'name! type! identifier parentSourcedId=parent>org'],
  academicSessions: [
    'academicSessions',
    'title! type! startDate! endDate! parentSourcedId=parent>academicSession schoolYear',
  ],
  courses: [
    'courses',
    'schoolYearSourcedId=schoolYear>academicSession title! courseCode! grades[] orgSourcedId=org>org subjects[] subjectCodes[]',
  ],
  classes: [
    'classes',
    'title! grades[] courseSourcedId!=course>course classCode classType location schoolSourcedId!=school>org termSourcedIds=terms[]>academicSession subjects[] subjectCodes[] periods[]',
  ],
  users: [
    'users',
    `enabledUser!? 1.1/orgSourcedIds!=orgs[]>org 1.1/role! ${people} 1.2/userMasterIdentifier 1.2/preferredGivenName=preferredFirstName 1.2/preferredMiddleName 1.2/preferredFamilyName=preferredLastName 1.2/primaryOrgSourcedId=primaryOrg>org 1.2/pronouns`,
  ],
  roles: [
    undefined,
    '1.2/userSourcedId!=user>user 1.2/roleType! 1.2/role! 1.2/beginDate 1.2/endDate 1.2/orgSourcedId!=org>org 1.2/userProfileSourcedId=userProfile',
  ],
  userProfiles: [
    undefined,
    '1.2/userSourcedId!=user>user 1.2/profileType! 1.2/vendorId! 1.2/applicationId 1.2/description 1.2/credentialType! 1.2/username! 1.2/password',
  ],
  enrollments: [
    'enrollments',
    'classSourcedId!=class>class schoolSourcedId!=school>org userSourcedId!=user>user role! primary? beginDate endDate',
  ],
  demographics: [
    'demographics',
    'birthDate! sex! americanIndianOrAlaskaNative? asian? blackOrAfricanAmerican? nativeHawaiianOrOtherPacificIslander? white? demographicRaceTwoOrMoreRaces? hispanicOrLatinoEthnicity? countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus',
  ],
  resources: ['resources', 'vendorResourceId! title roles[] importance vendorId applicationId'],
  classResources: [undefined, 'title classSourcedId!=class>class resourceSourcedId!=resource>resource'],
  courseResources: [undefined, 'title courseSourcedId!=course>course resourceSourcedId!=resource>resource'],
  userResources: [
    undefined,
    '1.2/userSourcedId!=user>user 1.2/orgSourcedId=org>org 1.2/classSourcedId=class>class 1.2/resourceSourcedId!=resource>resource',
  ],
  categories: ['categories', 'title! 1.2/weight#'],
  lineItems: [
    'lineItems',
    'title! description assignDate@@ dueDate@@ classSourcedId!=class>class categorySourcedId!=category>category gradingPeriodSourcedId=gradingPeriod>academicSession 1.2/academicSessionSourcedId=academicSession>academicSession resultValueMin# resultValueMax# 1.2/schoolSourcedId=school>org',
  ],
  results: [
    'results',
    'lineItemSourcedId!=lineItem>lineItem studentSourcedId!=student>user scoreStatus! score# scoreDate comment 1.2/textScore 1.2/classSourcedId=class>class 1.2/inProgress? 1.2/incomplete? 1.2/late? 1.2/missing?',
  ],
  scoreScales: [
    'scoreScales',
    '1.2/title! 1.2/type! 1.2/orgSourcedId=org>org 1.2/courseSourcedId=course>course 1.2/classSourcedId=class>class 1.2/scoreScaleValue!{}',
  ],
};

/** Files of the standard whose rows this simulator does not serve; it says so for each such file. */
export const unservedFiles = [
  'lineItemLearningObjectiveIds',
  'lineItemScoreScales',
  'resultLearningObjectiveIds',
  'resultScoreScales',
] as const;

/** Spellings seen in real sets, each accepted with a warning. */
export const misspelt: Readonly<Record<string, string>> = {
  datalastmodified: 'dateLastModified',
  datlastmodified: 'dateLastModified',
  prefferedgivenname: 'preferredGivenName',
  prefferedmiddlename: 'preferredMiddleName',
  prefferedfamilyname: 'preferredFamilyName',
};

/** Pure. The files of a version whose rows are served, by manifest name. */
export function csvFileKinds(version: Version): ReadonlyMap<string, CsvFileKind> {
  const kinds = new Map<string, CsvFileKind>();
  for (const [name, [collection, columns]] of Object.entries(lines)) {
    const parsed = columns.split(' ').flatMap((token) => parseColumn(token, version));
    if (parsed.length > 0) kinds.set(name, { name, collection, columns: parsed });
  }
  return kinds;
}

const suffixes: Readonly<Record<string, FieldKind>> = {
  '': 'text',
  '@@': 'moment',
  '?': 'flag',
  '#': 'number',
  '[]': 'list',
  '>': 'ref',
  '[]>': 'refs',
  '{}': 'json',
};

function parseColumn(token: string, version: Version): CsvColumn[] {
  const match = /^(?:(1\.[12])\/)?(\w+)(!?)(?:=(\w+))?(@@|\?|#|\[\]>|\[\]|>|\{\}|)(\w*)$/.exec(token);
  const [, only, name = '', key, field = name, suffix = '', target = ''] = match ?? [];
  const kind = suffixes[suffix];
  if (match === null || kind === undefined) throw new SyntaxError(`Not a column: ${token}`);
  if (only !== undefined && only !== version) return [];
  return [{ name, field, kind, target: suffix.endsWith('>') ? target : undefined, key: key === '!' }];
}
