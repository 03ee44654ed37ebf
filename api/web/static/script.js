// Pages work without this: it lets files be dropped on the form, shows the button that prints, and
// keeps the boxes of a choice in step with what they are parts of.
"use strict";
for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  zone.querySelector(".drop-hint").hidden = false;
  const over = (on) => zone.classList.toggle("over", on);
  zone.addEventListener("dragover", (e) => { e.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (e) => {
    e.preventDefault();
    over(false);
    if (e.dataTransfer.files.length === 1) input.files = e.dataTransfer.files;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// a box takes its parts along; a part that is left out takes the box of the whole away, for it would bring the part back
for (const form of document.querySelectorAll(".choose")) {
  const own = (branch) => branch.querySelector(":scope > .pick > input");
  form.addEventListener("change", (e) => {
    if (e.target.type !== "checkbox") return;
    const branch = e.target.closest(".branch");
    for (const part of branch.querySelectorAll("input")) part.checked = e.target.checked;
    for (let b = branch; b && !e.target.checked; b = b.parentElement.closest(".branch")) own(b).checked = false;
  });
}
// what a link leads to is opened, so that it can be seen
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  target.scrollIntoView({ block: "nearest" });
};
addEventListener("hashchange", open);
open();
