// The tests of the pages: in a real Chromium, at two widths, against a served application.
import { defineConfig } from '@playwright/test';
import { chromium } from './tests/pages/chromium';

export default defineConfig({
  testDir: 'tests/pages',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  reporter: 'line',
  use: { browserName: 'chromium', launchOptions: { executablePath: chromium() }, screenshot: 'only-on-failure' },
  projects: [
    { name: 'phone', use: { viewport: { width: 375, height: 812 }, hasTouch: true } },
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
  ],
});
