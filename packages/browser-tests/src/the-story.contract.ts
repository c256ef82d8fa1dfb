import { createOneRosterSimulator, type OneRosterSimulator } from '@flotilla/service-oneroster/simulator';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { DashboardStage } from './dashboard-stage.fixture.ts';
import { listBarriers } from './examine-page.ts';
import { openReader, type Reader, whenShown } from './reader.ts';

const customerId = 'maple-county-schools';
const integrationId = 'oneroster';
const address = 'ana@maple.example';
/** Enrollments that the vendor forgets in a night: no default allows it. */
const forgotten = 60;

/**
 * Declares the tests of a week at a school district, told by what a person sees: each begins where the one before it ended. Everything is
 * found by its role and name alone, as a screen reader finds it.
 */
export function describeTheStory(getStage: () => DashboardStage): void {
  let stage: DashboardStage;
  let simulator: OneRosterSimulator;
  let reader: Reader;
  let page: Page;

  beforeAll(async () => {
    stage = getStage();
    simulator = await createOneRosterSimulator({
      version: '1.2',
      district: { students: 40, seed: 3, assignments: 8 },
    });
    await simulator.listen();
  });

  afterAll(async () => {
    await reader?.close();
    await simulator?.close();
  });

  let isBroken = false;

  beforeEach(() => {
    if (isBroken) throw new Error('What comes before it has failed');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || isBroken) return;
    isBroken = true;
    console.log(`${page?.url()}\n${await page?.locator('body').ariaSnapshot()}`);
  });

  test('a link of the command line signs Ana in, once', async () => {
    const { code, out } = await stage.cli('open', '--print', '--name', 'Ana Alvarez');
    expect(code).toBe(0);

    reader = await openReader(stage.browser, out.trim());

    ({ page } = reader);
    await page.getByText('Ana Alvarez').waitFor();
    const second = await openReader(stage.browser, out.trim(), { isRefused: true });
    await second.page.getByRole('alert').waitFor();
    await second.close();
    // Who is in already is let on.
    await page.goto(out.trim());
    await page.waitForURL((url) => url.pathname === '/');
    expect(reader.takeComplaints()).toEqual([expect.stringContaining('401')]);
  });

  test('she adds her district, without a mouse', async () => {
    await pressOn(page, page.getByRole('link', { name: 'Customers' }));
    await pressOn(page, page.getByRole('button', { name: 'Add a customer' }));
    await page.getByRole('dialog', { name: 'Add a customer' }).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    await page.keyboard.type('Maple County Schools');
    await page.keyboard.press('Enter');

    await headline(page, 'Maple County Schools').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/customers/${customerId}`);
  });

  test('whoever adds another one of its id is told so and can go back by Escape, and whoever mistypes it in an address is told that too', async () => {
    const other = await stage.openReader({ name: 'Ben Botha' });
    await other.visit('/customers?add=yes');
    await other.page.keyboard.type('Maple County Schools');
    await other.page.keyboard.press('Enter');

    await other.page.getByText('There is a customer of this id already').waitFor();
    await other.page.keyboard.press('Escape');
    await expectFocused(other.page);
    expect(await other.page.getByRole('dialog').count()).toBe(0);
    await other.visit(`/customers/${customerId}/runs`);
    await expect.poll(() => other.page.title()).toBe('Runs · Maple County Schools · Flotilla');
    await other.visit('/customers/maple-county-school/runs');
    await headline(other.page, 'There is no such customer').waitFor();
    await other.close();
  });

  test('she connects its system by a form that is made of what the vendor asks for', async () => {
    await pressOn(page, page.getByRole('link', { name: 'Connect a system' }));
    await pressOn(page, page.getByRole('link', { name: /OneRoster/ }));
    const { clientId, clientSecret } = z
      .object({ clientId: z.string(), clientSecret: z.string() })
      .parse(simulator.credential);
    await page.getByLabel('Base URL').fill(simulator.baseUrl);
    await page.getByText(/more settings/).click();
    await page.getByLabel(/^Gradebook/).selectOption('write');
    await page.getByLabel('Client id').fill(clientId);
    await page.getByLabel('Client secret').fill('not the secret');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /refuse|reject/ }).waitFor();
    await page.getByLabel('Client id').fill(clientId);
    await page.getByLabel('Client secret').fill(clientSecret);
    await page.getByRole('button', { name: 'Store and check' }).click();

    await expectSeen(page.getByRole('heading', { name: 'The connection works' }));
  });

  test('she says that she wants to be told by e-mail, and tries whether mails arrive', async () => {
    await page
      .getByRole('navigation', { name: 'Where this is' })
      .getByText(/^maple.county.schools$/i)
      .click();
    await pressOn(page, page.getByRole('button', { name: 'Change who is told' }));
    // The button has gone, then its form: who works by keyboard goes on there, and not at the top.
    await expectFocused(page);
    await page.getByLabel('Address').fill(address);
    await page.keyboard.press('Enter');
    const tryIt = page.getByRole('button', { name: `Send a test mail to ${address}` });
    await tryIt.waitFor();
    await expectFocused(page);
    await pressOn(page, tryIt);

    await page.getByText('The mail server took it.').waitFor();
    await tryIt.and(page.locator(':focus')).waitFor();
    const mail = await stage.mailbox.waitFor(({ to }) => to?.[0]?.address === address);
    expect(mail.subject).toMatch(/Maple County Schools/);
  });

  test('she starts the first sync, watches it come along, and reads its report', async () => {
    simulator.addFault('GET /users: delay=4s');
    await page.getByRole('link', { name: integrationId }).click();
    await syncNow(page);

    await page.getByRole('heading', { name: /^(Waiting to start|Under way)/ }).waitFor();
    await page.getByRole('table', { name: /Progress/ }).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    await page.getByRole('heading', { name: /^All is well/ }).waitFor();
    expect(
      await page
        .getByRole('table', { name: /entity type/i })
        .getByRole('row', { name: /^user / })
        .count(),
    ).toBe(1);
  });

  test('what both sides changed differently waits for her, and goes on as she decides by keyboard', async () => {
    const { theirs, recordId } = await contestScore(stage, simulator);
    await openIntegration(page);
    await syncNow(page);
    await pressOn(page, page.getByRole('link', { name: /^Decide 1 field/ }));
    await headline(page, /^Conflicts/).waitFor();
    await page.getByRole('row', { name: /score/ }).waitFor();

    for (const key of ['j', 'o', 'd']) await page.keyboard.press(key);
    await page.getByRole('dialog', { name: 'Decide one conflict?' }).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    await page.getByLabel(/^Reason/).fill('The teacher said so');
    await pressOn(page, page.getByRole('button', { name: 'Decide one conflict' }));
    await page.getByRole('heading', { name: 'One conflict is decided' }).waitFor();
    await page.getByRole('link', { name: /that merges them/ }).click();

    await page.getByRole('heading', { name: /^All is well/ }).waitFor();
    expect(theirs).not.toBe(ourScore);
    expect(simulator.record('results', recordId)).toMatchObject({ score: ourScore });
  });

  test('an e-mail tells her of a run that is held; she approves it', async () => {
    await removeEnrollments(stage, simulator);
    await openIntegration(page);
    await syncNow(page);
    await page.getByText('held', { exact: true }).first().waitFor();

    // The round that sends waits some minutes for other runs of the night.
    await stage.fleet.control.call('notifications.flush.v1', { customerId }, z.unknown());
    const mail = await stage.mailbox.waitFor(({ subject }) => /approve/.test(subject ?? ''));
    expect(mail.to?.[0]?.address).toBe(address);
    const link = /http:\S+\/runs\/[0-9a-f-]{36}/.exec(mail.text ?? '')?.[0] ?? '';
    await page.goto(link);
    await page.getByRole('link', { name: 'Look at what would change' }).click();
    await headline(page, /would change$/).waitFor();
    await page.goBack();
    await headline(page, /^Run of/).waitFor();
    await pressOn(page, page.getByRole('button', { name: 'Approve …' }));
    await page.getByLabel(/^Reason/).fill('They moved to another school');
    expect(await listBarriers(reader)).toEqual([]);
    await pressOn(page, page.getByRole('dialog').getByRole('button', { name: 'Approve' }));

    await page.getByText(/Approved by/).waitFor();
    await expectFocused(page);
    await page.getByText('succeeded', { exact: true }).first().waitFor();
  });

  test('she takes the run back, and all that it took away is there again', async () => {
    await pressOn(page, page.getByRole('button', { name: 'Take this run back …' }));
    await pressOn(page, page.getByRole('dialog').getByRole('button', { name: 'Take it back' }));

    await headline(page, /^Taking back/).waitFor();
    await page.getByText('succeeded', { exact: true }).first().waitFor();
    await expectSeen(page.getByRole('heading', { name: `What changed here (${forgotten})` }));
  });

  test('the settings tell, while she chooses, which runs other limits would have held', async () => {
    await page.goto(
      `${stage.origin}/customers/${customerId}/integrations/${integrationId}/settings?entityType=enrollment#limits`,
    );
    const tried = page.getByRole('region', { name: 'The limits on the last runs' });
    await tried.getByText(/these limits would have held 1\. 1 was held at the time/).waitFor();
    await tried.getByText(new RegExp(`^${forgotten} of .* enrollment deleted on our side`)).waitFor();

    await page.getByRole('combobox', { name: 'Limit: Deleted on our side' }).selectOption('off');
    await tried.getByText(/these limits would have held none, the stored ones 1/).waitFor();
    await tried.getByText('These would not be held any more').waitFor();
    expect(await listBarriers(reader)).toEqual([]);
  });

  test('settings that another admin has changed meanwhile are not overwritten unseen; hers go only when she says so', async () => {
    const theirs = { customerId, integrationId, settings: { holdHours: 100 } };
    await stage.fleet.control.call('settings.put.v1', theirs, z.unknown());
    await page.getByRole('button', { name: 'Save the settings' }).click();
    const loosened = page.getByRole('dialog', { name: 'Let through what would be held now?' });
    await loosened.getByText(new RegExp(`^${forgotten} of .* enrollment deleted on our side`)).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    await pressOn(page, loosened.getByRole('button', { name: 'Save these limits' }));
    const alert = page.getByRole('alert', { name: /changed the settings since/ });
    await alert.getByText(/^changed the settings of oneroster \(/).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    await pressOn(page, alert.getByRole('button', { name: 'Show what is there now' }));
    await pressOn(page, page.getByRole('dialog').getByRole('button', { name: 'Drop mine' }));

    await page.getByText('All is saved.').waitFor();
    await expectFocused(page);
    expect(await alert.count()).toBe(0);
  });

  test('a schedule that another admin has changed meanwhile is not overwritten unseen, and nothing that she typed is lost', async () => {
    await page.goto(`${stage.origin}/customers/${customerId}`);
    await pressOn(page, page.getByRole('button', { name: 'Change the schedule' }));
    await page.getByLabel('At a time of its own').check();
    await page.getByLabel('Time', { exact: true }).fill('03:15');
    const theirs = { customerId, schedule: { cron: '0 1 * * *' } };
    await stage.fleet.control.call('customers.put.v1', theirs, z.unknown());
    await page.keyboard.press('Enter');

    const alert = page.getByRole('alert', { name: /changed the schedule since/ });
    await alert.getByText(/^changed the customer \(\/schedule\)/).waitFor();
    expect(await listBarriers(reader)).toEqual([]);
    const show = alert.getByRole('button', { name: 'Show what is there now' });
    await pressOn(page, show);
    await page.getByRole('dialog', { name: /^Drop yours/ }).waitFor();
    await page.keyboard.press('Escape');
    await show.and(page.locator(':focus')).waitFor();
    await pressOn(page, alert.getByRole('button', { name: 'Save mine all the same' }));

    await page.getByText(/^03:15, every day, on the clock of/).waitFor();
    await expectFocused(page);
  });

  test('she finds the runs since a day that she types, digit by digit, and how each ended beside the numbers of the charts', async () => {
    await page.goto(`${stage.origin}/customers/${customerId}/runs`);
    await whenShown(page);
    await page.getByText('The numbers of this chart').first().click();
    const numbers = page.getByRole('table', { name: 'Duration, in numbers' });
    await numbers.getByRole('cell', { name: 'succeeded', exact: true }).first().waitFor();
    await page.getByLabel('From').focus();
    await page.keyboard.type('01022020', { delay: 50 });

    await page.waitForURL((url) => url.searchParams.get('since') === '2020-01-02');
    await whenShown(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('row', { name: 'succeeded' }).count()).toBeGreaterThan(2);
    await page.getByLabel('From').and(page.locator(':focus')).waitFor();
  });

  test('the audit log has all that she did, in her name', async () => {
    await page.goto(`${stage.origin}/customers/${customerId}/audit`);
    await whenShown(page);
    for (const deed of [
      'registered the integration oneroster',
      'changed who is told by e-mail',
      /^started a run of oneroster/,
      /^decided .*score.*ours, because: The teacher said so/,
      /^approved the held run .*because: They moved to another school/,
      /^took back the run/,
    ]) {
      const row = page.getByRole('row', { name: 'Ana Alvarez' });
      await row
        .filter({ has: page.getByRole('cell', { name: deed }) })
        .first()
        .waitFor();
    }
    expect(reader.takeComplaints()).toEqual([]);
  });
}

const ourScore = 1;
const entityType = 'result';

/** Somebody edits a score here, somebody else the same one there. Answers whose it is, and what it is there. */
async function contestScore(stage: DashboardStage, simulator: OneRosterSimulator) {
  const { control } = stage.fleet;
  const which = { customerId, integrationId, entityType };
  const { records } = await control.call('records.list.v1', { ...which, values: true, limit: 1 }, Records);
  const [{ recordId, ours }] = records;
  await control.call(
    'records.put.v1',
    { ...which, recordId, value: { ...ours, score: ourScore } },
    z.unknown(),
  );
  const theirs = 2;
  const record = { ...simulator.record('results', recordId), score: theirs };
  simulator.edit([{ collection: 'results', op: 'put', id: recordId, record }]);
  // Not before: the edit would be brought to the vendor at once.
  const settings = {
    writeBack: [entityType],
    entityTypes: { [entityType]: { merge: { default: 'manual' } } },
  };
  await control.call('settings.put.v1', { customerId, integrationId, settings }, z.unknown());
  return { recordId, theirs };
}

const Records = z.object({
  records: z.tuple([z.object({ recordId: z.string(), ours: z.record(z.string(), z.json()) })]),
});

async function removeEnrollments({ fleet }: DashboardStage, simulator: OneRosterSimulator): Promise<void> {
  const which = { customerId, integrationId, entityType: 'enrollment', limit: forgotten };
  const { records } = await fleet.control.call('records.list.v1', which, RecordIds);
  simulator.edit(records.map(({ recordId: id }) => ({ collection: 'enrollments', op: 'remove', id })));
}

const RecordIds = z.object({ records: z.array(z.object({ recordId: z.string() })) });

async function openIntegration(page: Page): Promise<void> {
  await page.goto(new URL(`/customers/${customerId}/integrations/${integrationId}`, page.url()).href);
}

/** Of everything, and not only to look. */
async function syncNow(page: Page): Promise<void> {
  const dryRun = page.getByRole('checkbox', { name: 'Dry run' });
  await dryRun.uncheck();
  await pressOn(page, page.getByRole('button', { name: 'Sync now' }));
  await headline(page, `Run of ${integrationId}`).waitFor();
}

/** Fails after a while where nothing of the page's own has the focus. */
async function expectFocused(page: Page): Promise<void> {
  await page.getByRole('main').locator(':focus').waitFor();
}

/** Fails after a while where it does not come to be seen. */
async function expectSeen(wanted: Locator): Promise<void> {
  await wanted.waitFor();
}

function headline(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** Goes on by Tab until it is reached, and presses Enter. */
async function pressOn(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; (await page.locator(':focus').and(wanted).count()) === 0; presses++) {
    if (presses > 60) throw new Error('It is not reached by Tab');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
}
