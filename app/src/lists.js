(() => {
for (const form of document.querySelectorAll("form[data-filter]")) {
let byKeys = false;
form.addEventListener("keydown", () => { byKeys = true; });
form.addEventListener("pointerdown", () => { byKeys = false; });
form.addEventListener("change", ({ target }) => {
if (!target.matches("select")) return;
const apply = form.querySelector("[data-apply]");
if (byKeys && apply) apply.hidden = false; else form.requestSubmit();
});
form.addEventListener("formdata", ({ formData }) => { for (const [name, value] of [...formData]) if (value === "") formData.delete(name); });
}
const all = [...document.querySelectorAll("[data-all]")];
const boxes = [...document.querySelectorAll("input[name=member][form]")];
const count = () => {
const chosen = boxes.filter((box) => box.checked).length;
for (const one of all) {
one.checked = chosen > 0 && chosen === boxes.length;
one.indeterminate = chosen > 0 && !one.checked;
}
for (const said of document.querySelectorAll("[data-chosen]")) said.textContent = chosen ? chosen + " selected" : "Select members to change roles";
};
for (const one of all) {
one.parentElement.hidden = false;
one.addEventListener("change", () => { for (const box of boxes) box.checked = one.checked; count(); });
}
for (const box of boxes) box.addEventListener("change", count);
count();
addEventListener("pageshow", ({ persisted }) => {
if (!persisted) return;
for (const form of document.querySelectorAll("form[autocomplete=off]")) form.reset();
count();
});
})();
