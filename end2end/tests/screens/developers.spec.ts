import { newEndpoint, newKey, newLink } from '../../support/developers.js';
import { type Means, type Place, screen } from '../../support/cells.js';

const seen = async ({ desk }: Means, path: string): Promise<Place> => [await desk('ana'), path];

/** A server of one's own: what is made there disturbs no other test. */
async function alone({ desk, another }: Means): Promise<Place[0]> {
  const renova = await another();
  const ana = await desk(undefined, { at: renova });
  await ana.api.send('login', { email: 'ana@aurora.example', password: 'renova-demo' });
  return ana;
}

screen('/settings/api-keys', [
  { name: 'none yet', shows: 'Nenhuma chave em uso', at: (means) => seen(means, '/settings/api-keys') },
  {
    name: 'refused',
    shows: 'Marque ao menos uma',
    at: (means) => seen(means, '/settings/api-keys?field=scope&name=CRM&error=invalid'),
  },
  {
    name: 'in use and revoked',
    shows: 'Chaves revogadas',
    then: async (page) => {
      await page.getByText('Revogar CRM').click();
      await page.getByText('Chaves revogadas').click();
    },
    at: async (means) => {
      const ana = await alone(means);
      await newKey(ana, 'Antiga');
      await ana.page.getByText('Revogar Antiga').click();
      await ana.page.getByRole('button', { name: 'Revogar chave' }).click();
      await newKey(ana, 'CRM');
      return [ana, '/settings/api-keys'];
    },
  },
]);

screen('/settings/webhooks', [
  { name: 'none yet', shows: 'Nenhum destino ainda', at: (means) => seen(means, '/settings/webhooks') },
  {
    name: 'refused',
    shows: 'Este endereço não pode ser usado',
    at: (means) => seen(means, '/settings/webhooks?field=url&url=http%3A%2F%2F10.0.0.1&name=CRM&error=invalid'),
  },
]);

screen('/settings/webhooks/…', [
  {
    name: 'nothing sent yet',
    shows: 'Nada foi enviado ainda',
    then: async (page) => page.getByText('Trocar o segredo').click(),
    at: async (means) => {
      const ana = await alone(means);
      await newEndpoint(ana, 'https://crm.example.com/renova', 'CRM');
      return [ana, new URL(ana.page.url()).pathname];
    },
  },
  {
    name: 'paused',
    shows: 'Pausado',
    at: async (means) => {
      const ana = await alone(means);
      await newEndpoint(ana, 'https://crm.example.com/renova', 'CRM');
      await ana.page.getByText('Pausar os envios').click();
      await ana.page.getByRole('button', { name: 'Pausar', exact: true }).click();
      return [ana, new URL(ana.page.url()).pathname];
    },
  },
]);

screen('/settings/embed', [
  { name: 'no site yet', shows: 'Nenhum site permitido', at: (means) => seen(means, '/settings/embed') },
  {
    name: 'refused',
    shows: 'Este endereço não pode ser usado',
    at: (means) => seen(means, '/settings/embed?field=origin&url=http%3A%2F%2Fx.example&error=invalid'),
  },
  {
    name: 'a site',
    shows: 'https://painel.example.com',
    then: async (page) => page.getByText('Remover https://painel.example.com').click(),
    at: async (means) => {
      const ana = await alone(means);
      await ana.page.goto('/settings/embed');
      await ana.page.getByLabel('Endereço do site').fill('https://painel.example.com');
      await ana.page.getByRole('button', { name: 'Permitir site' }).click();
      return [ana, '/settings/embed'];
    },
  },
]);

screen('/r/…', [
  { name: 'over', shows: 'Este link não vale mais', status: 410, at: async ({ desk }) => [await desk(), '/r/x'] },
  {
    name: 'for somebody',
    shows: 'Este link é para Ana Souza',
    at: async (means) => {
      const ana = await alone(means);
      const link = await newLink(ana, 'Ana Souza', 'Ana Souza');
      // A page that is still open would ask for news without a session.
      await ana.page.goto('about:blank');
      await ana.context.clearCookies();
      return [ana, link];
    },
  },
  {
    name: 'somebody else is here',
    shows: 'Neste navegador está Bruno Alves',
    at: async (means) => {
      const ana = await alone(means);
      const link = await newLink(ana, 'Ana Souza', 'Ana Souza');
      await ana.api.send('login', { email: 'bruno@aurora.example', password: 'renova-demo' });
      return [ana, link];
    },
  },
]);
