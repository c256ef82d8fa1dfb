import { expect, test } from 'vitest';
import { Id, listOf, Text } from './lenient.ts';
import { raceMembers } from './race-members.ts';
import { at, recordShape } from './record-shape.ts';

const shape = recordShape({ id: at('id', Id) })('demographics', raceMembers('races', listOf(Text)));

function racesOf(...races: readonly string[]) {
  const [reading] = shape.read(shape.wire.parse({ id: 1, races }));
  const { status: _, ...value } = (reading as { value: Readonly<Record<string, unknown>> }).value;
  return value;
}

test.each([
  ['American Indian - Alaska Native', 'americanIndianOrAlaskaNative'],
  ['american-indian-or-alaska-native', 'americanIndianOrAlaskaNative'],
  ['Asian', 'asian'],
  ['Black or African American', 'blackOrAfricanAmerican'],
  ['black-or-african-american', 'blackOrAfricanAmerican'],
  ['Native Hawaiian - Pacific Islander', 'nativeHawaiianOrOtherPacificIslander'],
  ['White', 'white'],
  ['Caucasian', 'white'],
])('%j alone says that race, and of each other one that it is not', (word, member) => {
  const said = racesOf(word);
  expect(Object.keys(said).filter((name) => said[name] === true)).toEqual([member]);
  expect(Object.keys(said)).toHaveLength(6);
});

test('two races, or a word for so many, are two or more', () => {
  expect(racesOf('White', 'Asian')).toMatchObject({
    white: true,
    asian: true,
    demographicRaceTwoOrMoreRaces: true,
  });
  expect(racesOf('Two or more races')).toMatchObject({ white: false, demographicRaceTwoOrMoreRaces: true });
});

test('where no race is named, nothing is known of any', () => {
  expect(racesOf()).toEqual({});
});
