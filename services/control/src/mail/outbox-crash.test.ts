import { openServiceStage, type ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { expect, test } from 'vitest';
import { control } from '../service.ts';
import { shelfSchool } from '../shelf-school.fixture.ts';
import { openWithMail } from './mail-scene.fixture.ts';

type Scene = Awaited<ReturnType<typeof openWithMail>>;

/** Another process of control, over the same store, that is killed at its effect of this number, from 0. */
async function openMortal({ vendor, control: { clock }, server }: Scene, moment: number) {
  let effects = 0;
  const stage: ServiceStage = await openServiceStage(control, {
    deployed: ['control', 'warehouse', shelfSchool.id],
    home: vendor.home,
    clock,
    settings: { mail: { smtpUrl: server.url, from: 'Flotilla <flotilla@district.example>' } },
    onEffect() {
      // Once it is dead nothing that it still tries takes effect.
      if (effects++ >= moment) throw new Error('Killed');
    },
  });
  return { stage, hasDied: () => effects > moment };
}

test('control may be killed at any moment of a round: the mail goes out, at most twice, and then both are the same mail', async () => {
  const counts: number[] = [];
  for (let moment = 0; ; moment++) {
    const scene = await openWithMail();
    await scene.breakToken();
    await scene.vendor.sync();
    const mortal = await openMortal(scene, moment);
    await mortal.stage.call('notifications.flush.v1', {});
    await mortal.stage.close();
    // What the dead one had claimed is free again.
    scene.skip(15 * 60_000);
    await scene.control.sweep();
    scene.skip(15 * 60_000);
    await scene.control.sweep();

    const { mails } = scene.server;
    expect(new Set(mails.map(({ parsed }) => parsed.messageId)).size, `killed at ${moment}`).toBe(1);
    expect(await scene.get()).toMatchObject({
      notices: [{ nextTryAt: null, deliveries: [{ state: 'sent' }] }],
    });
    counts.push(mails.length);
    if (!mortal.hasDied()) break;
  }
  // Killed between sending and noting it, and nowhere else.
  expect(counts.filter((count) => count > 1)).toEqual([2]);
  expect(counts.length).toBeGreaterThan(6);
});
