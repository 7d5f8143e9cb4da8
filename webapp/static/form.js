// Brings the reader to what must be corrected, and ignores a second press; the form works without this.
document.querySelector(".summary")?.focus();
let sent = false;
document.querySelector("form[data-once]")?.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => { sent = false; });
