import type { JsonObject } from '../../packages/substrate/src/json/json-value.ts';
import { describeService } from '../../packages/substrate/src/rpc/openrpc.ts';
import { vendorMethods } from '../../packages/substrate/src/service/vendor-service.ts';
import { version } from '../../packages/substrate/src/service/version.ts';
import { controlMethods } from '../../services/control/src/service.ts';
import { oneroster } from '../../services/oneroster/src/vendor.ts';
import { warehouseMethods } from '../../services/warehouse/src/service.ts';
import type { RenderedFile } from './rendered-file.ts';

/** `services/<name>/openrpc.json`: what each service answers to `rpc.discover`, so that a change of a contract shows in review. */
export async function renderOpenRpc(): Promise<readonly RenderedFile[]> {
  const documents: Readonly<Record<string, JsonObject>> = {
    control: describeService({ service: 'control', version, methods: controlMethods }),
    warehouse: describeService({ service: 'warehouse', version, methods: warehouseMethods }),
    [oneroster.id]: describeService({ service: oneroster.id, version, methods: vendorMethods(oneroster) }),
  };
  return Object.entries(documents).map(([service, document]) => ({
    path: `services/${service}/openrpc.json`,
    text: `${JSON.stringify(document, null, 2)}\n`,
  }));
}
