import { describeService } from '../../packages/substrate/src/rpc/openrpc.ts';
import { version } from '../../packages/substrate/src/service/version.ts';
import type { Renderer } from './rendered-file.ts';

/** `services/<name>/openrpc.json`: what each service answers to `rpc.discover`, so that a change of a contract shows in review. */
export const renderOpenRpc: Renderer = (_root, services) =>
  services.map(({ folder, methods }) => ({
    path: `services/${folder}/openrpc.json`,
    text: `${JSON.stringify(describeService({ service: folder, version, methods }), null, 2)}\n`,
  }));
