// Which ticks of a form differ from the server's, kept by this tab. In WebAssembly it loads a kilobyte more.

const ticks = (form) => [...form.querySelectorAll('input[name="accounts[]"]')];

/** Does the noted ticks again, and notes every change. A browser that keeps nothing for this page loses nothing else. */
export function keep(form, key) {
  try {
    const noted = (sessionStorage.getItem(key) ?? '').split('\n');
    for (const tick of ticks(form)) if (noted.includes(tick.value)) tick.checked = !tick.defaultChecked;
    form.onchange = () => {
      const changed = ticks(form).filter((tick) => tick.checked !== tick.defaultChecked);
      sessionStorage.setItem(key, changed.map((tick) => tick.value).join('\n'));
    };
  } catch {}
}

export function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {}
}
