import { join } from 'node:path';
import type { Vendor } from '../../packages/substrate/src/vendor/define-vendor.ts';
import type { LoadedService } from './load-services.ts';
import { levelMeanings, qualityLevels, readQualityLevel } from './quality-level.ts';
import type { Renderer } from './rendered-file.ts';
import { readVendorFacts } from './vendor-facts.ts';

/** `services/README.md`: what each service is, and of a vendor's what it can do and how far that is proven. */
export const renderServicesList: Renderer = (root, services) => {
  const vendors = services.flatMap((service) =>
    service.vendor === undefined ? [] : [{ ...service, vendor: service.vendor }],
  );
  const platform = services.filter(({ vendor }) => vendor === undefined);
  const common = commonMethods(vendors);
  const text = [
    '# Services',
    '',
    'Rendered by `npm run render` from the descriptions. To add a vendor: [docs/adding-a-vendor.md](../docs/adding-a-vendor.md).',
    '',
    ...table(
      ['vendor', 'what it does', 'methods', 'sign-in', 'paging', 'delta', 'write-back', 'level'],
      vendors.map((service) =>
        vendorRow(service, common, readQualityLevel(join(root, 'services', service.folder))),
      ),
    ),
    '',
    `Besides the methods in the table each has ${common.map(code).join(', ')}; all of them: its \`openrpc.json\`.`,
    '',
    '- **delta**: between two whole fetches only what the vendor says has changed is fetched. —: every night reads everything.',
    '- **write-back**: entity types whose records can be written to the vendor, where a customer switches it on. —: it is only read.',
    '- **level**: what of it is proven, found out from the folder. No level says that it has met the real vendor.',
    ...qualityLevels.map((level) => `  - \`${level}\`: ${levelMeanings[level]}`),
    '',
    '## The platform',
    '',
    ...table(
      ['service', 'what it does'],
      platform.map(({ folder, description }) => [link(folder), description]),
    ),
    '',
  ];
  return [{ path: 'services/README.md', text: text.join('\n') }];
};

interface VendorService extends LoadedService {
  readonly vendor: Vendor;
}

function vendorRow(
  { folder, description, methods, vendor }: VendorService,
  common: readonly string[],
  level: string,
): readonly string[] {
  const { signIn, paging, delta, writeBack } = readVendorFacts(vendor);
  const own = methods.map(({ wireName }) => wireName).filter((name) => !common.includes(name));
  return [
    link(folder),
    description,
    own.map(code).join(' '),
    signIn.join(', '),
    paging.join(', '),
    delta ?? '—',
    writeBack.join(', ') || '—',
    code(level),
  ];
}

/** What every vendor's service has besides its syncs. */
function commonMethods(vendors: readonly VendorService[]): readonly string[] {
  const chosen = new Set(
    vendors.flatMap(({ vendor }) => vendor.methods?.(vendor).map(({ wireName }) => wireName) ?? []),
  );
  const all = vendors.flatMap(({ methods }) => methods.map(({ wireName }) => wireName));
  return [...new Set(all)].filter((name) => !/\.sync\.v\d+$/.test(name) && !chosen.has(name));
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function link(folder: string): string {
  return `[${folder}](${folder})`;
}

function code(text: string): string {
  return `\`${text}\``;
}
