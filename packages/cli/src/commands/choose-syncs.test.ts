import { expect, test } from 'vitest';
import { chooseSyncs, type PlannedSync, type SyncChoice } from './choose-syncs.ts';

const everything = ['org', 'user', 'lineItem', 'result'];

test.each<[string, SyncChoice, readonly string[], readonly PlannedSync[]]>([
  [
    'all that the vendor offers, rosters first',
    {},
    everything,
    [
      { family: 'rosters', isOptional: false },
      { family: 'grades', isOptional: true },
    ],
  ],
  [
    'the other families after these, each as far as the vendor has it',
    {},
    ['assessmentResult', 'attendanceEvent', 'org'],
    [
      { family: 'rosters', isOptional: false },
      { family: 'attendance', isOptional: true },
      { family: 'assessments', isOptional: true },
    ],
  ],
  ['rosters of a vendor that has no more', {}, ['org', 'user'], [{ family: 'rosters', isOptional: false }]],
  [
    'grades of a vendor that has no more, which must be there',
    {},
    ['result'],
    [{ family: 'grades', isOptional: false }],
  ],
  ['rosters only', { rosters: true }, everything, [{ family: 'rosters', isOptional: false }]],
  [
    'grades only, which must then be there',
    { grades: true },
    everything,
    [{ family: 'grades', isOptional: false }],
  ],
  [
    'both by name, so that both must be there',
    { rosters: true, grades: true },
    everything,
    [
      { family: 'rosters', isOptional: false },
      { family: 'grades', isOptional: false },
    ],
  ],
  [
    'one entity type, by the method that covers it',
    { entityType: ['result'] },
    everything,
    [{ family: 'grades', entityTypes: ['result'], isOptional: false }],
  ],
  [
    'entity types of both families, each by its own method',
    { entityType: ['result', 'user', 'org'] },
    everything,
    [
      { family: 'rosters', entityTypes: ['user', 'org'], isOptional: false },
      { family: 'grades', entityTypes: ['result'], isOptional: false },
    ],
  ],
  [
    'a misspelt entity type, for the service to refuse',
    { entityType: ['usr'] },
    everything,
    [{ family: 'rosters', entityTypes: ['usr'], isOptional: false }],
  ],
  [
    'an entity type that the narrowed family does not have, for the service to refuse',
    { grades: true, entityType: ['user'] },
    everything,
    [{ family: 'grades', entityTypes: ['user'], isOptional: false }],
  ],
])('a sync covers %s', (_, choice, offered, planned) => {
  expect(chooseSyncs(choice, offered)).toEqual(planned);
});
