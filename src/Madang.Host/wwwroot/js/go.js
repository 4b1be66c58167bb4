// The command box (Ctrl K) and the keys. Both are quick forms of pages: /go and /docs/keys.

const box = document.getElementById("go");
const input = document.getElementById("go-input");
const list = document.getElementById("go-list");
const status = box.querySelector("[role=status]");
const keys = document.getElementById("keys");
const shortcuts = new Map(box.dataset.keys.split("\n").map((line) => line.split("\t")));
const svg = "http://www.w3.org/2000/svg";

let asking = null;
let waiting = 0;

export const open = () => {
  if (box.open) {
    return;
  }
  keys.close();
  box.showModal();
  input.value = "";
  input.focus();
  search();
};

const options = () => [...list.children];
const chosen = () => list.querySelector("[aria-selected=true]");

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option?.id ?? "");
};

const show = ({ commands, found }) => {
  const all = [
    ...found.map(({ path, title, icon, kind }) => ({ path, icon, word: title, note: kind })),
    ...commands.map(({ path, word, icon, keys }) => ({ path, icon, word, note: keys })),
  ];
  list.replaceChildren(
    ...all.map(({ path, icon, word, note }, at) => {
      const option = document.createElement("a");
      Object.assign(option, { href: path, id: `go-${at}`, role: "option", tabIndex: -1, ariaSelected: "false" });
      const drawing = option.appendChild(document.createElementNS(svg, "svg"));
      drawing.setAttribute("class", "icon");
      drawing.setAttribute("aria-hidden", "true");
      drawing.appendChild(document.createElementNS(svg, "use")).setAttribute("href", `#i-${icon}`);
      option.appendChild(document.createElement("span")).textContent = word;
      if (note) {
        option.appendChild(document.createElement("small")).textContent = note;
      }
      return option;
    }),
  );
  status.textContent = all.length === 0 ? status.dataset.none : "";
  choose(list.firstElementChild);
};

const search = async () => {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(`/api/v1/go?q=${encodeURIComponent(input.value)}`, {
      // The page's language, which the reader may have chosen against the browser's.
      headers: { "Accept-Language": document.documentElement.lang },
      signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
    });
    if (!answer.ok) {
      throw new Error(`${answer.status}`);
    }
    show(await answer.json());
  } catch {
    if (!signal.aborted) {
      list.replaceChildren();
      choose(null);
      status.textContent = status.dataset.failed;
    }
  }
};

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 80);
});

input.addEventListener("keydown", (event) => {
  // While a syllable is being put together the keys belong to the input method.
  if (event.isComposing || event.keyCode === 229) {
    return;
  }
  const all = options();
  const at = all.indexOf(chosen());
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length > 0) {
    event.preventDefault();
    choose(all[(at + step + all.length) % all.length]);
  } else if (event.key === "Enter" && chosen()) {
    event.preventDefault();
    chosen().click();
  }
});

// A link to this same page loads nothing: the box makes way for it.
list.addEventListener("click", () => box.close());

for (const dialog of [box, keys]) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
}

for (const link of document.querySelectorAll("[data-go]")) {
  link.addEventListener("click", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
      event.preventDefault();
      open();
    }
  });
}

// Single keys get in the way of who speaks to the machine: they can be turned off (WCAG 2.2, 2.1.4).
const areSingleKeysOn = () => localStorage.getItem("single-keys") !== "off";

const offerSingleKeys = (root) => {
  for (const tick of root.querySelectorAll("[data-single-keys]")) {
    tick.parentElement.hidden = false;
    tick.checked = areSingleKeysOn();
    tick.addEventListener("change", () => localStorage.setItem("single-keys", tick.checked ? "on" : "off"));
  }
};
offerSingleKeys(document);

const showKeys = async () => {
  if (!document.getElementById("key-list")) {
    const answer = await fetch("/docs/keys", { signal: AbortSignal.timeout(5000) }).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const sheet = page?.getElementById("key-list");
    if (!sheet) {
      location.assign("/docs/keys");
      return;
    }
    keys.replaceChildren(document.adoptNode(sheet));
    offerSingleKeys(keys);
  }
  if (keys.contains(document.getElementById("key-list"))) {
    keys.showModal();
  }
};

const isTyping = (target) =>
  target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

// Where a path leads to a field of the page that is open, that field is enough.
const focusField = (hash) => {
  const field = document.getElementById(hash.slice(1));
  if (field?.matches("textarea, input")) {
    field.focus();
    return true;
  }
  return false;
};
focusField(location.hash);

const go = (path) => {
  const to = new URL(path, location.href);
  if (to.pathname !== location.pathname || !focusField(to.hash)) {
    location.assign(to);
  }
};

let before = "";
let beforeAt = 0;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.repeat) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.code === "KeyK") {
    event.preventDefault();
    open();
    return;
  }
  if (event.ctrlKey || event.metaKey || box.open || keys.open || isTyping(event.target) || !areSingleKeysOn()) {
    return;
  }
  // With a Hangul layout the same keys say ㅎ and ㅡ: letters go by their place on the keyboard.
  const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const both = event.timeStamp - beforeAt < 1500 ? `${before} ${key}` : key;
  [before, beforeAt] = [key, event.timeStamp];
  if (key === "?") {
    event.preventDefault();
    showKeys();
  } else if (key === "/") {
    event.preventDefault();
    const field = document.querySelector("main input[type=search]");
    if (field) {
      field.focus();
      field.select();
    } else {
      open();
    }
  } else if (!event.shiftKey) {
    const path = shortcuts.get(both) ?? shortcuts.get(key);
    if (path) {
      event.preventDefault();
      go(path);
    }
  }
});
