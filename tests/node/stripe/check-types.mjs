// Type-checks Stripe artifacts against the `*CreateParams` of Stripe's official client.
//
//   node check-types.mjs FILE…    each a catalog.json or a fixtures.json; prints the compiler's errors and exits 1
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const TYPES = {
  meters: 'Billing.MeterCreateParams',
  features: 'Entitlements.FeatureCreateParams',
  products: 'ProductCreateParams',
  prices: 'PriceCreateParams',
  coupons: 'CouponCreateParams',
  promotion_codes: 'PromotionCodeCreateParams',
};

const TYPES_BY_PATH = [
  [/^\/v1\/billing\/meters$/, TYPES.meters],
  [/^\/v1\/entitlements\/features$/, TYPES.features],
  [/^\/v1\/products$/, TYPES.products],
  [/^\/v1\/products\/[^/]+\/features$/, 'ProductCreateFeatureParams'],
  [/^\/v1\/products\/[^/]+$/, 'ProductUpdateParams'],
  [/^\/v1\/prices$/, TYPES.prices],
  [/^\/v1\/coupons$/, TYPES.coupons],
  [/^\/v1\/promotion_codes$/, TYPES.promotion_codes],
];

// Each `[type, params]` of a file.
function* params(json) {
  for (const [section, type] of Object.entries(TYPES)) {
    for (const entry of json[section] ?? []) {
      yield [type, entry.params];
      for (const change of entry.changes ?? []) yield [type, change.params];
    }
  }
  for (const fixture of json.fixtures ?? []) {
    if (fixture.method === 'get') continue;
    const found = TYPES_BY_PATH.find(([path]) => path.test(fixture.path));
    if (!found) throw new Error(`no type for ${fixture.path}`);
    yield [found[1], fixture.params];
  }
}

// On the wire a `Stripe.Decimal` is a text. The client's enumerations also take any other string, so that they outlive the
// client; here they are closed to the documented values.
const PRELUDE = `import Stripe from 'stripe';
type Named<T> = T extends string ? (string extends T ? never : T) : never;
type Closed<T> = [Named<T>] extends [never] ? string : Named<T>;
type Wire<T> = [Exclude<T, undefined>] extends [string] ? Closed<T> : WireEach<T>;
type WireEach<T> = T extends Stripe.Decimal ? string
  : T extends Array<infer Item> ? Array<Wire<Item>>
  : T extends object ? { [Key in keyof T]: Wire<T[Key]> }
  : T;
`;

const lines = process.argv.slice(2).flatMap((file) => [...params(JSON.parse(readFileSync(file, 'utf8')))]);
if (lines.length === 0) throw new Error('nothing to check');
const source = lines.map(([type, value], index) =>
  `export const check${index}: Wire<Stripe.${type}> = ${JSON.stringify(value)};`);

const cache = join(here, 'node_modules', '.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'types-'));
try {
  writeFileSync(join(folder, 'check.ts'), PRELUDE + source.join('\n'));
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
  const result = spawnSync(process.execPath, [join(here, 'node_modules/.bin/tsc'), ...options, 'check.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  process.stdout.write(result.stdout + result.stderr);
  console.log(`${lines.length} objects checked`);
  process.exitCode = result.status === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
