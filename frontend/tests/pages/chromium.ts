// The Chromium that the tests run in: a missing one fails them.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The one that CHROMIUM names, or the first on the PATH. */
export function chromium(): string {
  const named = process.env['CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
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
