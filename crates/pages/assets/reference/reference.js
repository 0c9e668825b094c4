// The filter: leaves the operations whose method, path or summary hold every word.

const filter = document.querySelector("#filter");
const none = document.querySelector("#no-match");
const groups = [...document.querySelectorAll("[data-group]")];

function apply() {
  const words = filter.value.toLowerCase().split(/\s+/u).filter(Boolean);
  let any = false;
  for (const group of groups) {
    let left = 0;
    for (const one of group.querySelectorAll("[data-words]")) {
      one.hidden = !words.every((word) => one.dataset.words.includes(word));
      left += one.hidden ? 0 : 1;
    }
    group.hidden = left === 0;
    any ||= left > 0;
    if (words.length > 0 && group.matches("details")) group.open = true;
  }
  none.hidden = any;
}

filter.addEventListener("input", apply);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea")) {
    event.preventDefault();
    filter.focus();
  }
});
