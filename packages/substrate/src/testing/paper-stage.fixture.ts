import type { JsonObject } from '../json/json-value.ts';
import { createPaperSchool, paperCredential } from '../pipeline/paper-school.fixture.ts';
import type { ConformanceOptions } from './conformance/suite.ts';
import type { RecordEdit } from './simulator/record-edit.ts';
import type { EditableSimulator } from './vendor-stage.ts';

/*
 * Paper School with edits that it tells of in its journal and in its queue, to try what the kit proves of vendors that tell what changed, and of
 * those that take uploads.
 */

export function createPaperStage(): EditableSimulator {
  const school = createPaperSchool();
  const { data } = school;
  data.users = data.users.map((user) => ({ ...user, school: 'o1' }));
  data.demographics = data.users.map(({ id }) => ({ id: id as string, city: 'Oakville' }));
  data.events.push('e00');
  let number = 0;

  function tell(of: 'org' | 'user', id: string, record: JsonObject | null): void {
    number += 1;
    const at = `e${String(number).padStart(2, '0')}`;
    data.events.push(at);
    data.journal.push({ at, of, id, record });
    const held = of === 'org' && record !== null ? { record } : {};
    data.queue.push({ number, of, id, op: record === null ? 'gone' : 'put', ...held });
  }

  return Object.assign(school, {
    edit(edits: readonly RecordEdit[]) {
      for (const { collection, op, id, record } of edits) {
        const shelf = data[collection as 'orgs' | 'users' | 'demographics'];
        const at = shelf.findIndex((each) => each.id === id);
        const replacement = op === 'put' && record !== undefined ? [record] : [];
        shelf.splice(at === -1 ? shelf.length : at, at === -1 ? 0 : 1, ...replacement);
        if (collection !== 'demographics')
          tell(collection === 'orgs' ? 'org' : 'user', id, replacement[0] ?? null);
      }
    },
  });
}

export const paperOptions: ConformanceOptions<EditableSimulator> = {
  folder: import.meta.dirname,
  connection: ({ origin }) => ({ baseUrl: origin }),
  credential: () => paperCredential,
  refusedCredential: () => ({ ...paperCredential, password: 'of-another-school' }),
};
