import { screen } from '../../support/cells.js';

screen('/login', [
  { name: 'empty', shows: 'Entrar', at: async ({ desk }) => [await desk(), '/login'] },
  {
    name: 'refused',
    shows: 'E-mail ou senha não conferem',
    at: async ({ desk }) => [await desk(), '/login?error=invalid_login'],
  },
  {
    name: 'after a new password',
    shows: 'Senha salva. Entre com ela.',
    at: async ({ desk }) => [await desk(), '/login?done=password'],
  },
]);
