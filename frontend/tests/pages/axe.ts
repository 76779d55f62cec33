// What axe finds on a page, and whether the page fits its window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from './test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(): Promise<{ passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe finds on the page as it stands. */
export async function findings(page: Page): Promise<string[]> {
  // Not as a script of the page, which the content security policy forbids.
  await page.evaluate(axe);
  const { passes, violations } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
  expect(passes.length).toBeGreaterThan(20);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
