// What only a script can add to links: the short address is in the clipboard as soon as it is made. Without it the form posts and shows it.

const make = async (form) => {
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, redirect: "manual" });
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    return answer.json();
  }
  // Refused, or led to the sign-in: nothing was made, and asked the plain way the answer is a page that says why.
  return answer.type === "opaqueredirect" || answer.status < 500 ? null : Promise.reject(new Error(`Answered ${answer.status}.`));
};

// Begun while the browser still takes it for the reader's doing: some let nobody write once an answer was waited for.
const copy = (text) =>
  window.ClipboardItem
    ? navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((all) => new Blob([all], { type: "text/plain" })) })])
    : text.then((all) => navigator.clipboard.writeText(all));

for (const form of navigator.clipboard ? document.querySelectorAll("form.shorten") : []) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    const lost = form.querySelector(".lost");
    button.disabled = true;
    lost.textContent = "";
    const making = make(form);
    const copying = copy(making.then((made) => made?.short_url ?? Promise.reject(new Error("Nothing was made.")))).then(() => true, () => false);
    try {
      const made = await making;
      if (made) {
        location.assign(`/links?made=${made.slug}${(await copying) ? "&copied=true" : ""}`);
      } else {
        form.submit();
      }
    } catch {
      // It may be made or not: posted again, there might be two.
      lost.textContent = lost.dataset.said;
    } finally {
      button.disabled = false;
    }
  });
}
