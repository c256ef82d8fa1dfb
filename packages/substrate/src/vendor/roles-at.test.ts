import { expect, test } from 'vitest';
import { rolesAt } from './roles-at.ts';

test('positions are roles in the order in which they count, one of them the primary one at each organization', () => {
  const roles = rolesAt([
    { role: 'student', orgSourcedId: 'a', beginDate: '2024-08-01', endDate: '2025-06-30' },
    { role: 'student', orgSourcedId: 'a', beginDate: '2025-08-01' },
    { role: 'student', orgSourcedId: 'b', beginDate: '2025-09-01' },
    { role: 'aide', orgSourcedId: 'c', isFirst: true },
  ]);
  expect(roles).toEqual([
    { roleType: 'primary', role: 'aide', orgSourcedId: 'c' },
    { roleType: 'primary', role: 'student', orgSourcedId: 'b', beginDate: '2025-09-01' },
    { roleType: 'primary', role: 'student', orgSourcedId: 'a', beginDate: '2025-08-01' },
    {
      roleType: 'secondary',
      role: 'student',
      orgSourcedId: 'a',
      beginDate: '2024-08-01',
      endDate: '2025-06-30',
    },
  ]);
});

test('of equals the first stays the first', () => {
  const equals = [
    { role: 'teacher' as const, orgSourcedId: 'a' },
    { role: 'aide' as const, orgSourcedId: 'a' },
  ];
  expect(rolesAt(equals).map(({ role, roleType }) => [role, roleType])).toEqual([
    ['teacher', 'primary'],
    ['aide', 'secondary'],
  ]);
});
