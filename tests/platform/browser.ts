import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env.QFS_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why tests that look at the page are skipped here, or false. */
export const withoutBrowser: string | false = existsSync(CHROMIUM)
  ? false
  : `${CHROMIUM} is not installed; QFS_CHROMIUM names another one`;

/** Launched with a profile of its own, which is removed with the browser. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
