// snippet: front end
// Asked at the start and whenever a session runs out.
async function fetchSession() {
  const answer = await fetch('/renova-session', { method: 'POST' });
  if (!answer.ok) throw new Error(`no session: ${answer.status}`);
  return answer.json();
}

for (const element of document.querySelectorAll('renova-banner, renova-wizard')) {
  element.fetchSession = fetchSession;
}
// snippet end

// snippet: events
// What the banner counts is a badge of the dashboard's own.
document.addEventListener('counts', ({ detail }) => {
  for (const badge of document.querySelectorAll('.badge')) {
    badge.textContent = String(detail.total);
    badge.hidden = detail.total === 0;
  }
});
document.addEventListener('closed', ({ target }) => {
  if (!target.closest('dialog')) location.assign('/');
});
// snippet end
