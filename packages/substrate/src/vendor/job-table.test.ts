import { expect, test } from 'vitest';
import { jobStateBy } from './job-table.ts';

const read = jobStateBy({
  state: '/job/state',
  running: ['waiting', 'working'],
  ended: ['ended'],
  progress: '/job/percent',
  messages: ['/errors', '/warnings'],
});

test('a job runs as long as the vendor says so, as far as it says', () => {
  expect(read({ job: { state: 'working', percent: '40' } })).toEqual({ state: 'running', progress: 40 });
  expect(read({ job: { state: 'waiting' } })).toEqual({ state: 'running' });
  expect(read({ job: { state: 'waiting', percent: 'some' } })).toEqual({ state: 'running' });
});

test('one that is done tells what it did not like, of which row it was where that is said, and that it was stopped', () => {
  const warnings = [['users.csv', 'row 3: no name'], 'odd'];
  expect(read({ job: { state: 'ended' }, warnings, errors: null })).toEqual({
    state: 'done',
    failures: [{ of: 1, message: 'users.csv: row 3: no name' }, { message: 'odd' }],
  });
  expect(read({ job: { state: 'aborted' } })).toEqual({
    state: 'done',
    failures: [{ message: 'The job ended as aborted' }],
  });
});

test.each([[{}], [{ job: { state: 3 } }], ['done']])('%j is no answer about a job', (answer) => {
  expect(read(answer)).toBeUndefined();
});
