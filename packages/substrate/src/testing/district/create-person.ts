import type { Demographics, Person, PersonRole, Race } from './district.ts';
import { birthPlaces, familyNames, givenNames, nameToSlug } from './names.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export interface PersonPlan {
  readonly seed: number;
  readonly role: PersonRole;
  /** Counts from 1 within the role; with the seed it decides everything about the person. */
  readonly number: number;
  readonly grade: string | undefined;
  readonly schoolIds: readonly string[];
  readonly relatedIds: readonly string[];
  readonly schoolYear: number;
  readonly domain: string;
  readonly modifiedAt: string;
}

/** The ids' prefix, and where the badge numbers of the role begin: no two people of any role share one. */
const roleFacts: Readonly<Record<PersonRole, { readonly prefix: string; readonly badges: number }>> = {
  principal: { prefix: 'pri', badges: 10_000 },
  'school-administrator': { prefix: 'adm', badges: 20_000 },
  'district-administrator': { prefix: 'dst', badges: 30_000 },
  teacher: { prefix: 'tch', badges: 100_000 },
  student: { prefix: 'stu', badges: 1_000_000 },
  guardian: { prefix: 'grd', badges: 5_000_000 },
};

/** Pure. The id of the nth person of a role. */
export function personId(role: PersonRole, number: number): string {
  return `${roleFacts[role].prefix}-${String(number).padStart(6, '0')}`;
}

/** Pure. A person that depends on the seed, the role and the number only: the district may grow around them. */
export function createPerson(plan: PersonPlan): Person {
  const { role, number } = plan;
  const random = createSeededRandom(plan.seed, role, number);
  const sex = random.chance(0.5) ? 'female' : 'male';
  const givenName = random.pick(givenNames[sex]);
  const familyName = random.pick(familyNames);
  const middleName = random.chance(0.4) ? random.pick(givenNames[sex]) : undefined;
  const slug = [nameToSlug(givenName), nameToSlug(familyName)].filter((part) => part !== '').join('.');
  const { prefix, badges } = roleFacts[role];
  const username = `${slug === '' ? prefix : slug}${badges + number}`;
  const isStudent = role === 'student';
  return {
    id: personId(role, number),
    role,
    givenName,
    familyName,
    middleName,
    preferredName: random.chance(0.06) ? random.pick(givenNames[sex]) : undefined,
    username,
    email: `${username}@${isStudent ? 'students.' : ''}${plan.domain}`,
    phone: isStudent ? undefined : `+1 509-555-01${String(random.integer(100)).padStart(2, '0')}`,
    localId: String(badges + number),
    grade: plan.grade,
    schoolIds: plan.schoolIds,
    relatedIds: plan.relatedIds,
    demographics: isStudent ? createDemographics(random, sex, plan) : undefined,
    modifiedAt: plan.modifiedAt,
  };
}

function createDemographics(random: SeededRandom, sex: 'female' | 'male', plan: PersonPlan): Demographics {
  const age = plan.grade === 'KG' || plan.grade === undefined ? 5 : 5 + Number(plan.grade);
  const month = String(1 + random.integer(12)).padStart(2, '0');
  const day = String(1 + random.integer(28)).padStart(2, '0');
  const weighted: readonly Race[] = [
    'white',
    'white',
    'white',
    'black',
    'asian',
    'american-indian',
    'pacific-islander',
  ];
  const first = random.pick(weighted);
  const second = random.chance(0.08) ? random.pick(weighted) : first;
  return {
    birthDate: `${plan.schoolYear - 1 - age}-${month}-${day}`,
    sex,
    races: first === second ? [first] : [first, second],
    hispanic: random.chance(0.28),
    birthPlace: random.chance(0.5) ? random.pick(birthPlaces) : undefined,
  };
}
