// Asks before a submission is discarded and ignores a second press; every page works without this.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const refused = form.dataset.confirm && !window.confirm(form.dataset.confirm);
  if (refused || form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
// Copies an address; without a clipboard the address stands beside to be selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 1500);
});
