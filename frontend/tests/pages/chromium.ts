// The Chromium that the tests run in: a missing one fails them.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The one that CHROMIUM names, or `chromium` on the PATH. */
export function chromium(): string {
  const named = process.env['CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = named ? [named] : folders.map((folder) => join(folder, 'chromium'));
  const found = candidates.find(isProgram);
  if (found === undefined) {
    throw new Error('There is no Chromium: run `scripts/install chromium`, or name one in the variable CHROMIUM');
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
