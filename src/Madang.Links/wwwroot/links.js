// What only a script can add to links: the short address is in the clipboard as soon as it is made. Without it the form posts and shows it.

for (const form of navigator.clipboard ? document.querySelectorAll("form.shorten") : []) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    button.disabled = true;
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, redirect: "manual" });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
        throw new Error("The page says what is wrong.");
      }
      const made = await answer.json();
      const isCopied = await navigator.clipboard.writeText(made.short_url).then(() => true, () => false);
      location.assign(`/links?made=${made.slug}${isCopied ? "&copied=true" : ""}`);
    } catch {
      // Nothing was made: asked the plain way, the answer is a page that says why.
      form.submit();
    } finally {
      button.disabled = false;
    }
  });
}
