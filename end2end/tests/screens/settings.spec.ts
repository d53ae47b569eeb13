import { screen } from '../../support/cells.js';

screen('/settings', [
  { name: 'as they are', shows: 'Fuso horário', at: async ({ desk }) => [await desk('ana'), '/settings'] },
  {
    name: 'refused',
    shows: 'Este fuso horário não existe',
    at: async ({ desk }) => [
      await desk('ana'),
      '/settings?field=time_zone&time_zone=Brasil&locale=en&error=invalid',
    ],
  },
]);

screen('/settings/people', [
  {
    name: 'a team',
    shows: 'Bruno Alves',
    then: async (page) => page.getByText('Remover Bruno Alves').click(),
    at: async ({ desk }) => [await desk('ana'), '/settings/people'],
  },
  { name: 'refused', shows: 'já faz parte', at: async ({ desk }) => [await desk('ana'), '/settings/people?error=in_team'] },
]);

screen('/settings/audit', [
  { name: 'what was done', shows: 'Filtrar', at: async ({ desk }) => [await desk('ana'), '/settings/audit'] },
  { name: 'nothing found', shows: 'Nada', at: async ({ desk }) => [await desk('ana'), '/settings/audit?what=webhook'] },
]);

screen('/invitation', [
  { name: 'over', shows: 'não vale mais', status: 410, at: async ({ desk }) => [await desk(), '/invitation?token=x'] },
]);
