import { screen } from '../../support/cells.js';
import { linkForPassword } from '../../support/command.js';
import { PEOPLE } from '../../support/people.js';

screen('/forgot', [
  { name: 'who can help', shows: 'senha', at: async ({ desk }) => [await desk(), '/forgot'] },
]);

screen('/reset', [
  {
    name: 'a new password',
    shows: 'Pelo menos 8 caracteres',
    at: async ({ desk, renova }) => [await desk(), await linkForPassword(renova, PEOPLE.bruno.email)],
  },
  {
    name: 'a link that is used or too old',
    shows: 'já foi usado ou venceu',
    at: async ({ desk }) => [await desk(), '/reset?error=link_over'],
  },
  {
    name: 'a weak password',
    shows: 'Pelo menos 8 caracteres',
    at: async ({ desk }) => [await desk(), '/reset?error=weak_password'],
  },
]);
