import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl } from '../control.fixture.ts';

const said = {
  title: 'OneRoster 1.2',
  docs: 'https://www.imsglobal.org/oneroster',
  entityTypes: ['org', 'user', 'result', 'badge'],
  writeBack: [],
  connection: { type: 'object' },
  credential: { type: 'object' },
};

/** Control beside a vendor's service that answers, counted, what it says of itself, and one that answers nothing. */
async function openBeside(answer: () => JsonObject = () => said) {
  const asked: string[] = [];
  const oneroster = {
    async call(method: string) {
      asked.push(method);
      return { result: { vendor: 'oneroster', ...answer() } };
    },
  };
  return { stage: await openControl({ peers: { oneroster } }), asked };
}

describe('vendors', () => {
  test('are listed by their titles, also one whose service does not answer', async () => {
    const { stage } = await openBeside();
    expect(await stage.result('vendors.list.v1', {}, 'viewer')).toEqual({
      vendors: [
        { vendor: 'clever', title: 'clever', docs: null, failure: 'A service of the fleet does not answer' },
        { vendor: 'oneroster', title: said.title, docs: said.docs, failure: null },
      ],
    });
  });

  test('are described as their service does, with the families that can be synced by themselves', async () => {
    const { stage } = await openBeside();
    expect(await stage.result('vendors.get.v1', { vendor: 'oneroster' }, 'viewer')).toEqual({
      vendor: 'oneroster',
      ...said,
      families: [
        { family: 'rosters', entityTypes: ['org', 'user'] },
        { family: 'grades', entityTypes: ['result'] },
      ],
    });
  });

  test('whose service is of a later release and says more are described by what is known', async () => {
    const { stage } = await openBeside(() => ({ ...said, palette: 'green' }));
    const described = await stage.result('vendors.get.v1', { vendor: 'oneroster' });
    expect(described).toMatchObject({ title: said.title });
    expect(described).not.toHaveProperty('palette');
  });

  test('are asked once a minute at most, and stay described while their service does not answer', async () => {
    let isGone = false;
    const { stage, asked } = await openBeside(() => {
      if (isGone) throw new Error('gone');
      return said;
    });
    const title = async () => (await stage.result('vendors.get.v1', { vendor: 'oneroster' })).title;

    await Promise.all([stage.result('vendors.list.v1', {}), stage.clock.advance(0)]);
    expect(await title()).toBe(said.title);
    expect(asked).toHaveLength(1);

    await stage.clock.advance(60_000);
    isGone = true;
    expect(await title()).toBe(said.title);
    expect(asked).toHaveLength(2);
  });

  test('that the fleet has no service of are not found, and those that it has are named', async () => {
    const { stage } = await openBeside();
    const { error } = await stage.call('vendors.get.v1', { vendor: 'skyward' });
    expect(error?.data).toMatchObject({ code: 'not_found', vendors: 'clever, oneroster' });
  });

  test('whose service does not answer and never did cannot be described', async () => {
    const { stage } = await openBeside();
    const { error } = await stage.call('vendors.get.v1', { vendor: 'clever' });
    expect(error?.data).toMatchObject({ code: 'unavailable', service: 'clever' });
  });
});
