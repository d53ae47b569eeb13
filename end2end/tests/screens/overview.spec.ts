import { screen } from '../../support/cells.js';
import { newOrganization } from '../../support/newcomers.js';
import { expect } from '../../support/test.js';

screen('/', [
  { name: 'several', shows: '2 conexões precisam de você', at: async ({ desk }) => [await desk('ana'), '/'] },
  { name: 'soon', shows: 'vence em 3 dias', at: async ({ desk }) => [await desk('clara'), '/'] },
  {
    name: 'stopped',
    shows: 'não chegam desde',
    at: async ({ desk, sim }) => {
      const clara = await desk('clara');
      await sim.invalidate({ person: 'Clara Lima' });
      await sim.advance('26h');
      await expect.poll(async () => (await clara.api.alerts()).items.map(({ level }) => level)).toEqual(['stopped']);
      return [clara, '/'];
    },
  },
  {
    name: 'healthy',
    shows: 'Clara Lima',
    at: async ({ desk, sim }) => {
      const clara = await desk('clara');
      await clara.api.renewalAt('finished', sim, 'Clara Lima');
      return [clara, '/'];
    },
  },
  {
    name: 'only Finalizar is missing',
    shows: 'Retomar renovação',
    at: async ({ desk, sim }) => {
      const clara = await desk('clara');
      await clara.api.renewalAt('proved', sim, 'Clara Lima');
      return [clara, '/'];
    },
  },
  { name: 'nothing connected', shows: 'Conectar', at: async (means) => [await newOrganization(means), '/'] },
  { name: 'an agent', shows: 'Avisar um administrador', at: async ({ desk }) => [await desk('bruno'), '/'] },
  {
    name: 'an agent who has asked',
    shows: 'Pedido registrado',
    at: async ({ desk }) => {
      const bruno = await desk('bruno');
      await bruno.api.send('request_renewal', { connection_id: (await bruno.api.connection('Elisa Prado')).id });
      return [bruno, '/?done=requested'];
    },
  },
]);
