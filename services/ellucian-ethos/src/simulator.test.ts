import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { expect, onTestFinished, test } from 'vitest';
import { createEthosSimulator, type EthosSimulatorOptions } from './simulator.ts';

const own = 'application/vnd.hedtech.integration.';
const nil = '00000000-0000-0000-0000-000000000000';

async function open(options: EthosSimulatorOptions = {}) {
  const clock = createManualClock();
  const simulator = createEthosSimulator({ clock, district: { students: 20, seed: 1 }, ...options });
  onTestFinished(() => simulator.close());
  const origin = await simulator.listen();
  const apiKey = simulator.credential.apiKey as string;
  const signIn = (key = apiKey, query = '') =>
    fetch(`${origin}/auth${query}`, { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
  const token = await (await signIn()).text();

  async function ask(path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    const response = await fetch(origin + path, { ...init, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  const write = (method: 'POST' | 'PUT', path: string, body: object, type = `${own}v12+json`) =>
    ask(path, { method, headers: { 'Content-Type': type }, body: JSON.stringify(body) });
  return { simulator, clock, signIn, ask, write };
}

test('a key is exchanged for a token that is its whole body, lives for five minutes, and is no key itself', async () => {
  const { signIn, ask, clock } = await open();
  expect((await ask('/api/sites')).status).toBe(200);
  expect((await signIn('another-key')).status).toBe(401);
  expect((await signIn(undefined, '?expirationMinutes=121')).status).toBe(400);
  await clock.advance(301_000);
  const expired = await ask('/api/sites');
  expect(expired.status).toBe(401);
  expect(expired.headers.get('content-type')).toBe(`${own}errors.v2+json`);
  expect(expired.json).toEqual({ errors: [expect.objectContaining({ message: 'The token has expired' })] });
});

test('lists say how many there are, and how many come at most', async () => {
  const { ask } = await open({ largestPage: 4 });
  const { headers, json } = await ask('/api/persons?limit=100&offset=2');
  expect(json).toHaveLength(4);
  expect(Number(headers.get('x-total-count'))).toBeGreaterThan(20);
  expect(headers.get('x-max-page-size')).toBe('4');
  expect(headers.get('x-media-type')).toBe(`${own}v12.4.0+json`);
});

test.each([
  ['/api/persons?limit=100', 400, 'limit must not be greater than 4'],
  ['/api/persons?limit=none', 400, 'limit'],
  ['/api/persons?since=2025', 400, 'Unknown query parameter since'],
  ['/api/persons?criteria={"shoeSize":44}', 400, 'not an available filter'],
  ['/api/persons?criteria=names', 400, 'criteria is not JSON'],
  ['/api/persons/4f35bbd5-2222-4b3c-8d4e-5f6a7b8c9d01', 404, 'No persons with the GUID'],
  ['/api/person-holds', 404, 'No such resource'],
  ['/consume?limit=1001', 400, 'limit'],
  ['/consume?lastProcessedID=7', 400, 'No message 7'],
])('%s is refused with %i', async (path, status, message) => {
  const { ask } = await open({ largestPage: 4, largerLimit: 'refused' });
  const refused = await ask(path);
  expect(refused.status).toBe(status);
  expect(refused.json.errors[0].message).toContain(message);
});

test.each(['v6', 'v13', 'sections-maximum.v16'])(
  'the version %s of persons is not acceptable',
  async (version) => {
    const { ask } = await open();
    expect((await ask('/api/persons', { headers: { Accept: `${own}${version}+json` } })).status).toBe(406);
    expect((await ask('/consume', { headers: { Accept: `${own}${version}+json` } })).status).toBe(406);
  },
);

test('writes are refused as an ERP refuses them', async () => {
  const { ask, write } = await open();
  const names = [{ type: { category: 'legal' }, fullName: 'Ann Ash', lastName: 'Ash' }];
  expect((await write('POST', '/api/persons', { id: nil, names }, 'text/plain')).status).toBe(415);
  expect((await write('POST', '/api/persons', { id: nil, names }, `${own}v6+json`)).status).toBe(415);
  expect((await write('POST', '/api/courses', { id: nil })).status).toBe(405);
  expect((await write('POST', '/api/persons', { names })).status).toBe(400);
  expect((await write('POST', '/api/persons', { id: nil })).json.errors[0]).toMatchObject({
    code: 'Global.SchemaValidation.Error',
    message: 'names is required',
  });
  expect((await write('PUT', `/api/persons/${nil}`, { id: nil, names })).status).toBe(404);
  const created = await write('POST', '/api/persons', { id: nil, names });
  expect(created.status).toBe(201);
  const { id } = created.json;
  expect((await write('PUT', `/api/persons/${id}`, { id: nil, names })).status).toBe(400);
  const registration = { id: nil, registrant: { id }, section: { id }, academicLevel: { id }, status: {} };
  const refused = await write('POST', '/api/section-registrations', registration, 'application/json');
  expect(refused.json.errors[0].message).toBe('section.id is no GUID of sections');
  expect((await ask(`/api/persons/${id}`)).json).toMatchObject({ id, names });
});

test('messages come again until they are acknowledged, and never after', async () => {
  const { ask, simulator } = await open({ subscribed: ['persons'] });
  const [person] = (await ask('/api/persons?limit=1')).json;
  for (const gender of ['male', 'female', 'unknown'])
    simulator.edit([{ collection: 'persons', op: 'put', id: person.id, record: { ...person, gender } }]);
  simulator.edit([{ collection: 'sites', op: 'remove', id: (await ask('/api/sites')).json[0].id }]);
  simulator.edit([{ collection: 'persons', op: 'remove', id: person.id }]);
  const ids = async (query: string) =>
    (await ask(`/consume?${query}`)).json.map(({ id }: { id: string }) => id);

  expect(await ids('lastProcessedID=0&limit=2')).toEqual(['1', '2']);
  expect((await ask('/consume?lastProcessedID=0&limit=2')).headers.get('x-remaining')).toBe('2');
  expect(await ids('lastProcessedID=1&limit=2')).toEqual(['2', '3']);
  expect(await ids('lastProcessedID=0')).toEqual(['2', '3', '5']);
  const all = await ask('/consume');
  expect(all.json.at(0)).toMatchObject({
    operation: 'replaced',
    resource: { name: 'persons', id: person.id, version: `${own}v12.4.0+json` },
    contentType: 'resource-representation',
    content: { gender: 'female' },
  });
  expect(all.json.at(-1)).toMatchObject({ operation: 'deleted', contentType: '' });
  expect(all.json.at(-1)).not.toHaveProperty('content');
  expect(await ids('lastProcessedID=0')).toEqual([]);
});
