// Buttons that copy what they name. Without this script they are not shown, and what is to be copied is
// selected by hand.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const wanted = document.getElementById(button.dataset.copy);
  const said = button.nextElementSibling;
  const words = button.textContent;
  button.classList.add("is-ready");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(wanted.value ?? wanted.textContent);
    } catch {
      wanted.select?.();
      return;
    }
    button.textContent = said.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = words;
      said.textContent = "";
    }, 2000);
  });
}
