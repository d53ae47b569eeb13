import { screen } from '../../support/cells.js';

screen('403', [
  {
    name: 'an agent at the integration',
    shows: 'administrador',
    status: 403,
    at: async ({ desk }) => [await desk('bruno'), '/integrations/meta'],
  },
  {
    name: 'an agent at a renewal',
    shows: 'administrador',
    status: 403,
    at: async ({ desk, sim }) => {
      const ana = await desk('ana');
      const { id } = await ana.api.renewalAt('started', sim, 'Ana Souza');
      return [await desk('bruno'), `/integrations/meta/renewals/${id}`];
    },
  },
  {
    name: 'an agent on the way to Meta',
    shows: 'administrador',
    status: 403,
    still: true,
    at: async ({ desk, sim }) => {
      const ana = await desk('ana');
      const { id } = await ana.api.renewalAt('started', sim, 'Ana Souza');
      return [await desk('bruno'), `/connect/${id}?in=tab`];
    },
  },
]);

screen('404', [
  { name: 'no such page', shows: 'não', status: 404, at: async ({ desk }) => [await desk('ana'), '/nowhere'] },
  {
    name: 'no such connection',
    shows: 'não',
    status: 404,
    at: async ({ desk }) => [await desk('ana'), '/connections/01938f00-0000-7000-8000-000000000000'],
  },
]);
