// What reaches people by mail, in the demo's mailbox: the right person, language and link.

import type { Page } from '@playwright/test';
import { banner } from '../support/screens.js';
import type { Sim } from '../support/sim.js';
import { expect, test } from '../support/test.js';

interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
}

async function letters(page: Page): Promise<Letter[]> {
  const answer = await page.request.get('/demo/inbox.json');
  expect(answer.ok()).toBe(true);
  return (await answer.json()) as Letter[];
}

/** Waits for a letter to this person that says so; what comes together is gathered for a moment. */
async function letterTo(page: Page, sim: Sim, to: string, said: RegExp): Promise<Letter> {
  const found = async () => (await letters(page)).find((it) => it.to.includes(to) && said.test(`${it.subject}\n${it.text}`));
  const later = async () => {
    await sim.advance('30s');
    return found();
  };
  await expect.poll(later, { timeout: 30_000, intervals: [3_000] }).toBeTruthy();
  return (await found()) as Letter;
}

test('a warning opens exactly that renewal, is given once, and can be switched off', async ({ desk, sim }) => {
  const { page, context } = await desk('clara');
  await sim.advanceToHour(15);
  const letter = await letterTo(page, sim, 'clara@boreal.example', /^Renove agora: a autorização de Clara Lima vence em/);
  expect(letter.text).toContain('Café Boreal');
  await sim.advance('1h');
  expect((await letters(page)).filter((it) => it.subject === letter.subject)).toHaveLength(1);

  const address = /href="([^"]*\/integrations\/meta[^"]*)"/.exec(letter.html)?.[1] ?? '';
  await page.goto(address.replaceAll('&amp;', '&'));
  await expect(page.getByRole('button', { name: 'Iniciar', exact: true })).toBeVisible();
  await expect(page.locator('main')).toContainText('Clara Lima');

  const off = /https?:\/\/\S*\/mail\/warnings\/\S*/.exec(letter.text)?.[0] ?? '';
  const stranger = await context.browser()?.newContext({ locale: 'pt-BR' });
  const other = await stranger?.newPage();
  if (!other) throw new Error('no second browser');
  await other.goto(off);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Parar de receber avisos por e-mail?');
  await other.getByRole('button', { name: 'Parar os avisos' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Avisos por e-mail desligados');
  await other.getByRole('button', { name: 'Voltar a receber' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Avisos por e-mail ligados');
  await stranger?.close();
});

test('what has stopped is told at once, and that it works again', async ({ desk, sim }) => {
  const { page, api } = await desk('clara');
  await sim.invalidate({ person: 'Clara Lima' });
  await sim.advance('1d');
  const stopped = await letterTo(page, sim, 'clara@boreal.example', /^Parou: as mensagens/);
  expect(stopped.text).not.toContain('/mail/warnings/');
  await api.renewalAt('finished', sim, 'Clara Lima');
  await sim.advance('1m');
  const well = await letterTo(page, sim, 'clara@boreal.example', /^Resolvido: a conexão de Clara Lima voltou a funcionar/);
  expect(well.text).toContain('podem não ter chegado');
});

test('an agent asks, and every administrator gets a mail', async ({ desk, sim }) => {
  const { page } = await desk('bruno');
  await page.goto('/');
  await page.getByRole('button', { name: 'Avisar um administrador' }).first().click();
  await expect(banner(page)).toContainText('Pedido enviado: os administradores recebem um e-mail.');
  await sim.advance('1m');
  const asked = await letterTo(page, sim, 'ana@aurora.example', /pede que você renove a conexão de/);
  expect(asked.text).toContain('Bruno');
  expect((await letters(page)).some((it) => it.to.includes('bruno@'))).toBe(false);
});
