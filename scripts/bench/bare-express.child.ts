import { createRequire } from 'node:module';
import { join } from 'node:path';

// What the start of a service is measured against: the same Node and the same library for HTTP, and nothing of ours. Required from where
// services have it, since the scripts have none.
const require = createRequire(join(import.meta.dirname, '..', '..', 'packages', 'substrate', 'package.json'));
const express =
  require('express') as typeof import('../../packages/substrate/node_modules/@types/express/index.js');

express()
  .get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
