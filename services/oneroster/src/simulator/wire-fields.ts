import type { RecordStore, WireRecords } from '@flotilla/substrate/testing/simulator/record-store';

/** Which of the two living OneRoster versions is spoken. */
export type Version = '1.1' | '1.2';

export type Service = 'rostering' | 'gradebook' | 'resources';

/** The keys of the list envelopes. */
export type CollectionName =
  | 'orgs'
  | 'academicSessions'
  | 'courses'
  | 'classes'
  | 'users'
  | 'enrollments'
  | 'demographics'
  | 'resources'
  | 'categories'
  | 'lineItems'
  | 'results'
  | 'scoreScales'
  | 'assessmentLineItems'
  | 'assessmentResults';

/** Records in the served version's shape, their references without `href` (that depends on how the client addressed the server). */
export type OneRosterRecords = WireRecords<CollectionName>;
export type OneRosterStore = RecordStore<CollectionName>;

export type FieldKind = 'text' | 'date' | 'moment' | 'flag' | 'number' | 'list' | 'ref' | 'refs' | 'json';

export interface WireField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** For `ref` and `refs`: the `type` of the objects pointed to. */
  readonly target: string | undefined;
  /** The enumeration, where there is one; `ext:` stands for anything that begins so. */
  readonly values: readonly string[] | undefined;
}

export interface Collection {
  readonly name: CollectionName;
  /** The key of the single envelope, and the `type` in references. */
  readonly single: string;
  readonly service: Service;
  readonly fields: readonly WireField[];
}

interface CollectionLine {
  readonly single: string;
  readonly service: Service;
  readonly fields: string;
  readonly versions?: readonly Version[];
}

// A field reads [VERSION/]NAME[*][KIND]: `*` is required; `@` date, `@@` date-time, `?` "true" or "false", `#` number, `[]` list of text,
// `>type` reference, `[]>type` references, `{}` any JSON, `=a|b` enumerated text. Version 1.2 as in 1EdTech's OpenAPI files, 1.1 as in its
// specification's tables.
const common =
  'sourcedId* 1.1/status*=active|inactive|tobedeleted 1.2/status*=active|tobedeleted dateLastModified*@@ metadata{}';
const score =
  'score# 1.2/textScore scoreDate*@ scoreStatus*=exempt|fully_graded|not_submitted|partially_graded|submitted|ext: comment';
const marks = '1.2/inProgress? 1.2/incomplete? 1.2/late? 1.2/missing?';

const lines: Readonly<Record<CollectionName, CollectionLine>> = {
  orgs: {
    single: 'org',
    service: 'rostering',
    fields:
      'name* type*=department|district|local|national|school|state|ext: 1.1/identifier 1.2/identifier* parent>org children[]>org',
  },
  academicSessions: {
    single: 'academicSession',
    service: 'rostering',
    fields:
      'title* startDate*@ endDate*@ type*=gradingPeriod|semester|schoolYear|term|ext: parent>academicSession children[]>academicSession schoolYear*',
  },
  courses: {
    single: 'course',
    service: 'rostering',
    fields:
      'title* schoolYear>academicSession courseCode* grades[] subjects[] org>org subjectCodes[] resources[]>resource',
  },
  classes: {
    single: 'class',
    service: 'rostering',
    fields:
      'title* classCode classType=homeroom|scheduled|ext: location grades[] subjects[] course*>course school*>org terms*[]>academicSession subjectCodes[] periods[] resources[]>resource',
  },
  users: {
    single: 'user',
    service: 'rostering',
    fields:
      '1.2/userMasterIdentifier 1.1/username* 1.2/username userIds{} enabledUser*? givenName* familyName* middleName 1.1/role*=administrator|aide|guardian|parent|proctor|relative|student|teacher 1.1/orgs*[]>org 1.2/preferredFirstName 1.2/preferredMiddleName 1.2/preferredLastName 1.2/pronouns 1.2/roles*{} 1.2/userProfiles{} 1.2/primaryOrg>org identifier email sms phone agents[]>user grades[] password 1.2/resources[]>resource',
  },
  enrollments: {
    single: 'enrollment',
    service: 'rostering',
    fields:
      'user*>user class*>class school*>org role*=administrator|proctor|student|teacher|ext: primary? beginDate@ endDate@',
  },
  demographics: {
    single: 'demographics',
    service: 'rostering',
    fields:
      'birthDate@ sex=male|female|unspecified|other|ext: americanIndianOrAlaskaNative? asian? blackOrAfricanAmerican? nativeHawaiianOrOtherPacificIslander? white? demographicRaceTwoOrMoreRaces? hispanicOrLatinoEthnicity? countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus',
  },
  resources: {
    single: 'resource',
    service: 'resources',
    fields: 'title roles[] importance=primary|secondary vendorResourceId* vendorId applicationId',
  },
  categories: { single: 'category', service: 'gradebook', fields: 'title* 1.2/weight#' },
  lineItems: {
    single: 'lineItem',
    service: 'gradebook',
    fields:
      'title* description assignDate*@@ dueDate*@@ class*>class 1.2/school*>org category*>category 1.1/gradingPeriod*>academicSession 1.2/gradingPeriod>academicSession 1.2/academicSession>academicSession 1.2/scoreScale>scoreScale 1.1/resultValueMin*# 1.1/resultValueMax*# 1.2/resultValueMin# 1.2/resultValueMax# 1.2/learningObjectiveSet{}',
  },
  results: {
    single: 'result',
    service: 'gradebook',
    fields: `lineItem*>lineItem student*>user 1.2/class>class 1.2/scoreScale>scoreScale ${score} 1.2/learningObjectiveSet{} ${marks}`,
  },
  scoreScales: {
    single: 'scoreScale',
    service: 'gradebook',
    versions: ['1.2'],
    fields: 'title* type* course>course class*>class scoreScaleValue*{}',
  },
  assessmentLineItems: {
    single: 'assessmentLineItem',
    service: 'gradebook',
    versions: ['1.2'],
    fields:
      'title* description class>class parentAssessmentLineItem>assessmentLineItem scoreScale>scoreScale resultValueMin# resultValueMax# learningObjectiveSet{}',
  },
  assessmentResults: {
    single: 'assessmentResult',
    service: 'gradebook',
    versions: ['1.2'],
    fields: `assessmentLineItem*>assessmentLineItem student*>user scoreScale>scoreScale scorePercentile# ${score} learningObjectiveSet{} ${marks}`,
  },
};

/** Pure. Every collection of a version with its fields, by name. */
export function collectionsOf(version: Version): ReadonlyMap<CollectionName, Collection> {
  const collections = new Map<CollectionName, Collection>();
  for (const [key, line] of Object.entries(lines)) {
    if (line.versions !== undefined && !line.versions.includes(version)) continue;
    const name = key as CollectionName;
    const { single, service } = line;
    collections.set(name, {
      name,
      single,
      service,
      fields: parseFields(`${common} ${line.fields}`, version),
    });
  }
  return collections;
}

const kinds: Readonly<Record<string, FieldKind>> = {
  '': 'text',
  '@': 'date',
  '@@': 'moment',
  '?': 'flag',
  '#': 'number',
  '[]': 'list',
  '>': 'ref',
  '[]>': 'refs',
  '{}': 'json',
  '=': 'text',
};

function parseFields(text: string, version: Version): WireField[] {
  return text.split(' ').flatMap((token) => {
    const match = /^(?:(1\.[12])\/)?(\w+)(\*?)(@@|@|\?|#|\[\]>|\[\]|>|\{\}|=|)(\S*)$/.exec(token);
    const [, only, name = '', star, suffix = '', rest = ''] = match ?? [];
    const kind = kinds[suffix];
    if (kind === undefined || name === '') throw new SyntaxError(`Not a field: ${token}`);
    if (only !== undefined && only !== version) return [];
    const values = suffix === '=' ? rest.replaceAll('_', ' ').split('|') : undefined;
    return [{ name, kind, required: star === '*', target: suffix.endsWith('>') ? rest : undefined, values }];
  });
}
