// Asks Lighthouse for its verdict on pages: node judge.mjs BASE COOKIE CATEGORIES RUNS PATH…
// A path that begins with "out:" is looked at without the cookie. Prints a line of JSON for each page and form.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';

const [base, cookie, categories, runs, ...paths] = process.argv.slice(2);
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const profile = await mkdtemp(join(tmpdir(), 'lighthouse-'));
const browser = spawn(chromium, [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-quic', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank',
]);
const port = await new Promise((found, failed) => {
  let said = '';
  browser.stderr.on('data', (text) => {
    said += text;
    const match = said.match(/DevTools listening on ws:\/\/[^:]+:(\d+)\//);
    if (match) found(Number(match[1]));
  });
  browser.on('exit', (code) => failed(new Error(`The browser ended with ${code}: ${said}`)));
});

// Only performance needs the pauses that tell when a page has come to rest, and only people look at the picture of the whole page.
const hurry = categories.includes('performance')
  ? {}
  : { throttlingMethod: 'provided', disableFullPageScreenshot: true, pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, networkQuietThresholdMs: 0, cpuQuietThresholdMs: 0 };

// On a busy machine the browser's recording sometimes lacks its beginning, which Lighthouse says and asks to be run again for.
async function look(page, form, isOut, triesLeft = 2) {
  const { lhr } = await lighthouse(
    base + page,
    { port, onlyCategories: categories.split(','), extraHeaders: isOut ? {} : { Cookie: cookie }, logLevel: 'error', ...hurry },
    form === 'desktop' ? desktopConfig : undefined,
  );
  if (!lhr.runtimeError) return lhr;
  if (triesLeft > 0 && lhr.runtimeError.code.startsWith('NO_')) return look(page, form, isOut, triesLeft - 1);
  throw new Error(`${page}: ${lhr.runtimeError.message}`);
}

try {
  for (const path of paths) {
    const isOut = path.startsWith('out:');
    const page = isOut ? path.slice(4) : path;
    for (const form of ['phone', 'desktop']) {
      const scores = {};
      const faults = new Set();
      for (let run = 0; run < Number(runs); run++) {
        const lhr = await look(page, form, isOut);
        for (const [name, category] of Object.entries(lhr.categories)) {
          (scores[name] ??= []).push(Math.round(category.score * 100));
          for (const { id, weight } of category.auditRefs) {
            if (weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1) {
              faults.add(`${id} ${lhr.audits[id].displayValue ?? ''}`.trim());
            }
          }
        }
      }
      const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];
      console.log(JSON.stringify({
        page, form, scores: Object.fromEntries(Object.entries(scores).map(([name, all]) => [name, median(all)])), faults: [...faults],
      }));
    }
  }
} finally {
  browser.removeAllListeners('exit');
  browser.kill();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
