// Keys and endpoints, made by hand.

import { remember } from './secrets.js';
import type { Desk } from './test.js';

/** Makes a key and answers it. */
export async function newKey({ page }: Desk, name: string): Promise<string> {
  await page.goto('/settings/api-keys');
  await page.getByLabel('Nome').fill(name);
  await page.getByLabel('Ver canais').check();
  await page.getByRole('button', { name: 'Criar chave' }).click();
  const key = await page.getByRole('textbox', { name: 'Chave', exact: true }).inputValue();
  remember(key);
  return key;
}

/** Adds an endpoint, ends on its page, and answers its secret. */
export async function newEndpoint({ page }: Desk, url: string, description: string): Promise<string> {
  await page.goto('/settings/webhooks');
  await page.getByLabel('Endereço (URL)').fill(url);
  await page.getByLabel('Descrição (opcional)').fill(description);
  await page.getByRole('button', { name: 'Adicionar destino' }).click();
  const secret = await page.getByRole('textbox', { name: 'Segredo da assinatura' }).inputValue();
  remember(secret);
  return secret;
}

/** Makes a renewal link for this person on the page of a connection, and answers it. */
export async function newLink({ page, api }: Desk, connection: string, person: string): Promise<string> {
  const { id } = await api.connection(connection);
  await page.goto(`/connections/${id}`);
  await page.getByLabel('Administrador').selectOption({ label: person });
  await page.getByRole('button', { name: 'Enviar link de renovação' }).click();
  const link = await page.getByRole('textbox', { name: 'Link de renovação' }).inputValue();
  remember(new URL(link).pathname.split('/').at(-1) ?? '');
  return link;
}
