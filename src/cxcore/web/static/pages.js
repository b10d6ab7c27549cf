// What is better with script: keys to move, and older interactions fetched into the page. Everything works without.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  const box = document.querySelector("#large") ?? document.querySelector("#query");
  if ((event.key === "/" && !typing(event.target)) || (event.key === "k" && event.ctrlKey)) {
    event.preventDefault();
    box?.focus();
    box?.select();
  } else if (event.key === "Escape" && event.target === box) {
    box.blur();
  } else if ((event.key === "j" || event.key === "k") && !event.ctrlKey && !typing(event.target)) {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.classList.contains("line")) {
    const fold = event.target.querySelector("details");
    if (fold) fold.open = !fold.open;
  }
});

function move(step) {
  const lines = [...document.querySelectorAll(".line")];
  const here = lines.indexOf(document.activeElement.closest(".line"));
  const next = lines[here === -1 ? 0 : Math.min(Math.max(here + step, 0), lines.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// The next page is fetched when its link comes near, and its days are put behind those shown.
const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting) load(target);
}, { rootMargin: "800px" });

function watch() {
  const link = document.querySelector("#older");
  if (link) watcher.observe(link);
}

async function load(link) {
  watcher.unobserve(link);
  const answer = await fetch(link.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const days = document.querySelector("#days");
  for (const node of [...(page.querySelector("#days")?.childNodes ?? [])]) days.append(node);
  const next = page.querySelector("#older");
  if (next) link.replaceWith(next); else link.remove();
  watch();
}

watch();
