// Run by kill.test.ts, to be killed: `<port> <nights>`. A OneRoster provider that comes back as it was: the same district, credential
// and edits of as many nights.

import { createOneRosterSimulator } from '@flotilla/service-oneroster/simulator';
import { createManualClock } from '@flotilla/substrate/clock/clock.manual';

const [port, nights] = process.argv.slice(2).map(Number);
process.stdin.on('end', () => process.exit(0)).resume();

const provider = await createOneRosterSimulator({
  version: '1.2',
  auth: 'oauth2',
  clientId: 'flotilla',
  clientSecret: 'a+secret/with=characters',
  district: { students: 500, seed: 7, assignments: 12 },
  // Many pages make many commits, and many moments to be killed at.
  quirks: ['cap-limit=100'],
  // It stamps what it edits: at the same time each time it is started.
  clock: createManualClock(),
});
for (let night = 0; night < (nights ?? 0); night++) {
  provider.nextNight({ renamed: 60, transferred: 20, enrolled: 20, withdrawn: 20, rooms: 10, scores: 40 });
}
await provider.listen(port ?? 0);
console.log('listening');
