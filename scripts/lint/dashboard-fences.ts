import type { Fence, Pattern } from './fence.ts';

const impureSubstrate: Pattern = {
  regex:
    '^@flotilla/(service|cli|stand|substrate$|substrate/(clock|egress|lenient|methods|pipeline|rpc|service|store|tasks|testing|vendor))',
  message:
    'Of the substrate, the dashboard imports what is pure: failure, json, merge, model, report, settings.',
};
const controlItself: Pattern = {
  regex: '^(\\.\\./)+src/',
  message: "Of control, the dashboard knows the methods' types only, by rpc/call.ts.",
};
const dashboard = 'services/control/dashboard/src';
/** The one file that calls control. */
const call = `${dashboard}/rpc/call.ts`;

/** Pure. What the dashboard may import and name: it runs in a browser, and knows control by its methods. */
export function dashboardFences(anyNode: Pattern): readonly Fence[] {
  const network = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
  return [
    {
      files: [`${dashboard}/**/*.{ts,tsx}`],
      except: [call],
      imports: [anyNode, impureSubstrate, controlItself],
      globals: network.map((name) => ({ name, message: 'Network: call methods by rpc/.' })),
    },
    { files: [call], imports: [anyNode, impureSubstrate] },
  ];
}
