import { screen } from '../../support/cells.js';
import { newOrganization, twoAdministrators } from '../../support/newcomers.js';

screen('/integrations/meta', [
  {
    name: 'the first connection',
    shows: 'Conectar Instagram e Messenger',
    at: async (means) => [await newOrganization(means), '/integrations/meta'],
  },
  { name: 'several', shows: 'Renovar Fábio Reis', at: async ({ desk }) => [await desk('ana'), '/integrations/meta'] },
  {
    name: 'one connection',
    shows: 'Renovar Clara Lima',
    at: async ({ desk }) => {
      const clara = await desk('clara');
      return [clara, `/integrations/meta?connection=${(await clara.api.connection('Clara Lima')).id}`];
    },
  },
  {
    name: 'another connection',
    shows: 'Conectar com o Instagram',
    at: async ({ desk }) => [await desk('ana'), '/integrations/meta?connection=new'],
  },
  {
    name: 'a story option is off',
    shows: 'Opções salvas.',
    at: async ({ desk }) => {
      const clara = await desk('clara');
      const { id, channels } = await clara.api.connection('Clara Lima');
      const instagram = channels.find(({ handle }) => handle)?.id ?? '';
      await clara.api.send('story_options', { channel_id: instagram, connection_id: id, story_replies: 'true' });
      return [clara, `/integrations/meta?connection=${id}&done=saved`];
    },
  },
  {
    name: 'a name that is typed wrongly',
    shows: 'O nome digitado não é igual.',
    at: async ({ desk }) => {
      const ana = await desk('ana');
      const { id } = await ana.api.connection('Elisa Prado');
      return [ana, `/integrations/meta?connection=${id}&error=name_mismatch`];
    },
  },
  {
    name: 'another administrator is renewing',
    shows: 'Ana Souza está fazendo esta renovação agora.',
    at: async (means) => {
      const { ana, gil, sim } = await twoAdministrators(means);
      const { connection } = await ana.api.renewalAt('exchanged', sim, 'Ana Souza');
      return [gil, `/integrations/meta?connection=${connection}`];
    },
  },
]);
