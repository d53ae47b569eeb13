// What Renova's functions answer to banner and wizard, made up.

export const ELISA = {
  connection_id: 'c2',
  level: 'stopped',
  sentence: {
    before: 'As mensagens do Instagram @aurora.outlet não chegam desde ',
    moment: { iso: '2026-11-29T12:00:00Z', text: '29/11' },
    after: '.',
  },
  account: 'Elisa Prado · Loja Aurora',
  deadline_ms: null,
  unfinished_renewal: null,
  may_wait: false,
};
export const ANA = {
  ...ELISA,
  connection_id: 'c1',
  level: 'soon',
  sentence: {
    before: 'A autorização de Ana Souza vence em 5 dias (',
    moment: { iso: '2026-12-05T12:00:00Z', text: '05/12' },
    after: ').',
  },
  account: 'Ana Souza · Loja Aurora',
  deadline_ms: 1_796_472_000_000,
  may_wait: true,
};

export function alerts(items: object[], locale: string | null): object {
  const reader = { locale: locale ?? 'pt-BR', may_renew: true, has_put_off: false, asked_for: null, asks_by_mail: false };
  return { ...reader, now_ms: 1_796_040_000_000, items };
}

export function startView(locale: string | null, more: object = {}): object {
  const at = { iso: '2026-11-12T12:00:00Z', text: '12/11' };
  const summary = { before: 'Vence em 5 dias (', moment: { iso: '2026-12-05', text: '05/12' }, after: ')' };
  return {
    locale: locale ?? 'pt-BR',
    purpose: { Renew: { connection: 'Elisa Prado' } },
    connection_id: 'c2',
    state: ['stopped', { before: 'Não funciona desde ', moment: { iso: '2026-11-29', text: '29/11' }, after: '' }],
    prerequisites: [
      { kind: 'PlatformAccess', state: { Confirmed: at } },
      { kind: 'AdministratorRole', state: { Confirmed: at } },
      { kind: 'BusinessInstagram', state: 'CheckedAfterLogin' },
      { kind: 'MessengerActive', state: { Problem: { how_to_fix: 'Ative o Messenger da Página.' } } },
    ],
    open_renewal: null,
    resume: null,
    others: [
      { connection_id: 'c1', name: 'Ana Souza', level: 'soon', summary, open_renewal: null },
      { connection_id: 'c3', name: 'Fábio Reis', level: 'good', summary, open_renewal: null },
    ],
    instagram_login: true,
    ...more,
  };
}

export function renewalView(state: string, step: number, version: number, more: object = {}): object {
  return {
    locale: 'pt-BR',
    id: 'r1',
    connection_id: 'c2',
    version,
    state,
    step,
    purpose: { Renew: { connection: 'Elisa Prado' } },
    provider: 'facebook',
    other_owner: null,
    problem: null,
    person: null,
    may_hand_over: false,
    accounts: [],
    proof: [],
    may_finish: false,
    has_open_points: false,
    new_dates: null,
    next_id: null,
    next_name: null,
    next_sentence: null,
    gaps: [],
    ...more,
  };
}
