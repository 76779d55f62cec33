// Imports every built module of a package as plain node does, and prints what they export as JSON.
//
//   node import-all.mjs FOLDER [DAY]    { "products/plans": { "plans": { … }, "isPlanId": "function" }, … }
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mock } from 'node:test';
import { pathToFileURL } from 'node:url';

if (process.argv[3]) mock.timers.enable({ apis: ['Date'], now: new Date(process.argv[3]) });
const built = resolve(process.argv[2], 'dist');
const files = readdirSync(built, { recursive: true }).filter((file) => file.endsWith('.js'));
const modules = {};
for (const file of files.sort()) {
  // Backslashes are Windows' separators; names of modules have slashes.
  const name = file.replaceAll('\\', '/').replace(/\.js$/, '');
  modules[name] = { ...(await import(pathToFileURL(join(built, file)).href)) };
}
// Functions have no JSON; namespaces of index are the modules themselves.
console.log(JSON.stringify(modules, (_, value) => (typeof value === 'function' ? 'function' : value)));
