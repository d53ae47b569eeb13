// What every host here does: its own back end vouches for the person who is signed in.
export async function fetchSession() {
  const answer = await fetch('/renova-session', { method: 'POST' });
  if (!answer.ok) throw new Error(`no session: ${answer.status}`);
  return answer.json();
}
