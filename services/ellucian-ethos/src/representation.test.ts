import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { discovered, listOf, readSections, sectionsOf } from './representation.ts';

const entered = Connection.parse({});
const own = 'application/vnd.hedtech.integration.';

function offering(resources: Readonly<Record<string, readonly object[]>>): Connection {
  const list = Object.entries(resources).map(([name, representations]) => ({ name, representations }));
  const found = discovered(JSON.parse(JSON.stringify([{ name: 'Student API', resources: list }])), entered);
  if (found === undefined) throw new RangeError('not discovered');
  return found;
}

const version = (text: string, more: object = {}) => ({ 'X-Media-Type': `${own}${text}+json`, ...more });

test('of each resource the latest version of the major one that is read is asked for, whatever else is offered', () => {
  const connection = offering({
    persons: [
      { 'X-Media-Type': 'application/json' },
      version('v6'),
      version('v12.10.0', { filters: ['names.lastName'] }),
      version('v12.4.0'),
      version('v12'),
      version('v13.0.0'),
    ],
    'person-holds': [version('v6')],
  });
  expect(listOf('persons', connection).accept).toBe(`${own}v12.10.0+json`);
  expect(connection.offered).toEqual({
    persons: {
      resource: 'persons',
      mediaType: `${own}v12.10.0+json`,
      filters: ['names.lastName'],
    },
  });
});

test('several applications offer together what the tenant has', () => {
  const answer = [
    { resources: [{ name: 'sites', representations: [version('v6')] }] },
    { name: 'nothing', resources: [] },
    { resources: [{ name: 'courses', representations: [version('v16.1.0')] }] },
  ];
  const connection = discovered(JSON.parse(JSON.stringify(answer)), entered);
  expect(Object.keys(connection?.offered ?? {})).toEqual(['sites', 'courses']);
});

test('a version that is not offered is asked for all the same, so that the vendor refuses instead of sending another', () => {
  expect(listOf('persons', offering({ persons: [version('v6')] })).accept).toBe(`${own}v12+json`);
});

test.each([
  [
    'as a representation of sections',
    { sections: [version('v16'), version('sections-maximum.v16')] },
    'sections',
  ],
  [
    'as a resource of its own',
    { sections: [version('v16')], 'sections-maximum': [version('v16')] },
    'sections-maximum',
  ],
])('sections are read in their maximum representation, offered %s', (_, resources, path) => {
  const connection = offering(resources);
  expect(sectionsOf(connection)).toBe('sections-maximum');
  expect(readSections.one('A/b', connection).path).toBe(`/api/${path}/A%2Fb`);
  expect(sectionsOf(offering({ sections: [version('v16')] }))).toBe('sections');
});

test('lists are filtered only by what the tenant can filter by', () => {
  const criteria = { section: { id: 's' } };
  const can = offering({ 'section-registrations': [version('v16', { filters: ['section.id'] })] });
  expect(listOf('section-registrations', can, criteria).query).toEqual({
    criteria: '{"section":{"id":"s"}}',
  });
  const cannot = offering({ 'section-registrations': [version('v16', { filters: null })] });
  expect(listOf('section-registrations', cannot, criteria).query).toBeUndefined();
});

test('an answer of another shape is none', () => {
  expect(discovered({ errors: [] }, entered)).toBeUndefined();
});

test('a base URL that was pasted down to a resource is cut back', () => {
  expect(Connection.parse({ baseUrl: 'https://integrate.elluciancloud.ie/api/persons' }).baseUrl).toBe(
    'https://integrate.elluciancloud.ie',
  );
});
