// What the embedded wizard costs the page of a host (examples/dashboard-html): milliseconds from the page's
// address to the wizard's first screen, and the bytes that Renova sends for it. Medians of several runs, each
// in a browser that has never seen either.
import { median, open } from './browser.mjs';

const RUNS = 7;
const host = process.argv[2] ?? 'http://host.localhost:3200';

/** The host's own cookie, for which no page is loaded. */
async function signIn() {
  const body = new URLSearchParams({ person: 'clara' });
  // Node knows no addresses below localhost.
  const address = host.replace('host.localhost', '127.0.0.1');
  const answer = await fetch(`${address}/enter`, { method: 'POST', body, redirect: 'manual' });
  const [name, value] = answer.headers.getSetCookie()[0].split(';')[0].split('=');
  return { name, value, url: host };
}

async function once() {
  const browser = await open();
  try {
    const page = await browser.newPage({ locale: 'pt-BR' });
    await page.context().addCookies([await signIn()]);
    const finished = [];
    page.on('requestfinished', (request) => {
      if (!request.url().startsWith(host)) finished.push(request.sizes());
    });
    const begin = performance.now();
    await page.goto(`${host}/channels`, { waitUntil: 'commit' });
    const wizard = page.frameLocator('renova-wizard > iframe').getByRole('region', { name: 'Renovar conexão' });
    await wizard.getByRole('button', { name: 'Iniciar' }).waitFor();
    const ready = performance.now() - begin;
    const sizes = await Promise.all(finished);
    return { ready, bytes: sizes.reduce((sum, it) => sum + it.responseBodySize + it.responseHeadersSize, 0) };
  } finally {
    await browser.close();
  }
}

const runs = [];
for (let run = 0; run < RUNS; run += 1) {
  runs.push(await once());
}
console.log(median(runs.map((it) => it.ready)), median(runs.map((it) => it.bytes)));
