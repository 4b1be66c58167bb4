// What only a script can add to the shelf: it follows what is typed, and the address follows with it. Without it Enter does.

const form = document.querySelector("form[data-instant]");
const field = form.elements.q;
let asked = new AbortController();
let timer = 0;
let shown = location.href;

const put = (page) => {
  for (const id of ["shelf", "shelf-tags"]) {
    document.getElementById(id)?.replaceChildren(...(page.getElementById(id)?.childNodes ?? []));
  }
  document.getElementById("shelf-count").textContent = page.getElementById("shelf-count").textContent;
};

const show = async (url) => {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const shelf = document.getElementById("shelf");
  shelf.ariaBusy = "true";
  try {
    const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("shelf")) {
      location.assign(url); // Signed out, say: the page itself tells why.
      return;
    }
    put(page);
  } catch (error) {
    if (error.name !== "AbortError") {
      location.assign(url);
    }
    return; // Somebody newer is asking, and is busy.
  } finally {
    if (!signal.aborted) {
      shelf.ariaBusy = "false";
    }
  }
};

const seek = () => {
  // 가을ㅅ is on its way to 가을 산책: no title has it, and to show none would be a flicker.
  if (/[가-힣][ㄱ-ㅎ]$/.test(field.value)) {
    return;
  }
  const fields = [...new FormData(form)].filter(([, value]) => value.trim());
  const query = new URLSearchParams(fields);
  const url = new URL(fields.length ? `?${query}` : location.pathname, location.origin + location.pathname).href;
  if (url === shown) {
    return;
  }
  // One entry for all that is typed in one go: Back leads to what was there before it.
  history[history.state?.isTyped ? "replaceState" : "pushState"]({ isTyped: true }, "", url);
  shown = url;
  show(url);
};

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(seek, 120);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  seek();
});
addEventListener("popstate", () => {
  clearTimeout(timer);
  shown = location.href;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  show(shown);
});
