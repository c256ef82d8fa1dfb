import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEntity } from '../../vendor/define-entity.ts';
import { ledgerSchool } from '../ledger-school.fixture.ts';
import { alterRecord, breakRecord, leafEntities, renameRecord, touchRecord } from './specimen.ts';

const org = defineEntity({
  entityType: 'org',
  collection: () => ({ path: '/orgs', member: 'orgs' }),
  wire: z.object({
    key: z.string(),
    title: z.string(),
    kind: z.string().optional(),
    at: z.iso.datetime().optional(),
  }),
  idOf: (record) => z.object({ key: z.string() }).safeParse(record).data?.key,
  read: ({ key, title, at }) => [
    {
      id: key,
      value: {
        status: 'active',
        name: title,
        type: 'school',
        ...(at === undefined ? {} : { dateLastModified: at }),
      },
    },
  ],
});
const record = { at: '2025-08-14T02:11:09Z', kind: 'x', key: 'o-1', title: 'Oak', unread: 'y' };

describe('records made different on purpose', () => {
  test('a broken one lacks a member that the schema needs, and keeps its id', () => {
    expect(breakRecord(org, record)).toEqual({
      member: 'title',
      record: { at: '2025-08-14T02:11:09Z', kind: 'x', key: 'o-1', unread: 'y' },
    });
  });

  test('where only the id is needed, a member of the wrong kind breaks it', () => {
    const lenient = defineEntity({
      ...org,
      wire: z.object({ key: z.string(), title: z.string().optional() }),
      read: () => [],
    });
    expect(breakRecord(lenient, { key: 'o-1', title: 'Oak' })).toEqual({
      member: 'title',
      record: { key: 'o-1', title: { unexpected: [true] } },
    });
  });

  test('an altered one differs in what counts as a change', () => {
    expect(alterRecord(org, record)).toEqual({ ...record, title: 'Oak (edited)' });
  });

  test('where no plain member makes a difference, one within another does', () => {
    const nested = defineEntity({
      ...org,
      wire: z.object({
        key: z.string(),
        names: z.array(z.object({ kind: z.literal('full'), text: z.string() })),
      }),
      read: ({ key, names }) => [
        { id: key, value: { status: 'active', name: names[0]?.text ?? '', type: 'school' } },
      ],
    });
    const oak = { key: 'o-1', unread: 'y', names: [{ kind: 'full', text: 'Oak' }] };
    expect(alterRecord(nested, oak)).toEqual({ ...oak, names: [{ kind: 'full', text: 'Oak (edited)' }] });
  });

  test('where there are only words of a few, one is taken that another record has', () => {
    const membership = defineEntity({
      entityType: 'enrollment',
      collection: () => ({ path: '/members' }),
      wire: z.object({
        id: z.string(),
        person: z.string(),
        group: z.string(),
        kind: z.enum(['member', 'owner']),
      }),
      idOf: (one) => z.object({ id: z.string() }).safeParse(one).data?.id,
      read: ({ id, person, group, kind }) => [
        {
          id,
          value: {
            status: 'active',
            userSourcedId: person,
            classSourcedId: group,
            role: kind === 'owner' ? 'teacher' : 'student',
          },
        },
      ],
    });
    const first = { id: 'm-1', person: 'p-1', group: 'g-1', kind: 'member' };
    const second = { id: 'm-2', person: 'p-2', group: 'g-2', kind: 'owner' };
    expect(alterRecord(membership, first)).toBeUndefined();
    expect(alterRecord(membership, first, [first, second])).toEqual({ ...first, kind: 'owner' });
    expect(alterRecord(membership, first, [first, { ...second, kind: 'member' }])).toBeUndefined();
  });

  test('a touched one differs in what does not', () => {
    expect(touchRecord(org, record)).toEqual({ ...record, at: '2026-02-03T02:11:09Z' });
    expect(touchRecord(org, { key: 'o-1', title: 'Oak' })).toBeUndefined();
    const within = defineEntity({
      ...org,
      wire: z.object({ key: z.string(), about: z.object({ at: z.iso.datetime() }) }),
      read: ({ key, about: { at: dateLastModified } }) => [
        { id: key, value: { status: 'active', name: 'Oak', type: 'school', dateLastModified } },
      ],
    });
    const oak = { key: 'o-1', about: { at: '2025-08-14T02:11:09Z' } };
    expect(touchRecord(within, oak)).toEqual({ key: 'o-1', about: { at: '2026-02-03T02:11:09Z' } });
  });

  test('a renamed one has another id and is otherwise the same', () => {
    expect(renameRecord(org, record, 'o-2')).toEqual({ ...record, key: 'o-2' });
  });
});

test('leaves are the entities that none of the vendor refers to', () => {
  expect(leafEntities(ledgerSchool).map(({ entityType }) => entityType)).toEqual(['user']);
});
