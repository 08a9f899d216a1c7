// Puts values into the page. Everything is put in as text; nothing here can make HTML of it.

/** The element of an id, which the page has. */
export const byId = (id) => document.getElementById(id);

/** Sets the text of an element, if it is another one: what is selected or focused stays so. */
export function put(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

/**
 * Lets a list show items: adds, removes and orders its elements, and keeps those that stay.
 *
 * @param list      the element of the list
 * @param items     what it shall show
 * @param key       gives an item's key
 * @param template  the id of the template of an item
 * @param fill      called with the cells of an element by name, the item, and the element
 * @param made      called once for a new element, likewise
 */
export function show(list, items, key, template, fill, made = () => {}) {
  const there = new Map([...list.children].map((each) => [each.dataset.key, each]));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = there.get(name);
    there.delete(name);
    const cells = (one) =>
      Object.fromEntries([...one.querySelectorAll("[data-cell]")].map((each) => [each.dataset.cell, each]));
    if (!element) {
      element = byId(template).content.firstElementChild.cloneNode(true);
      element.dataset.key = name;
      made(cells(element), item, element);
    }
    element.item = item;
    fill(cells(element), item, element);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const gone of there.values()) gone.remove();
  const empty = list.closest("section").querySelectorAll(".empty");
  for (const each of empty) if (each.previousElementSibling.contains(list)) each.hidden = items.length > 0;
}

/** Lets a select offer these values after its first option. */
export function offer(select, values) {
  const there = [...select.options].slice(1).map((each) => each.value);
  if (there.join() === values.join()) return;
  const chosen = select.value;
  while (select.options.length > 1) select.remove(1);
  for (const value of values) select.add(new Option(value, value));
  select.value = values.includes(chosen) ? chosen : "";
}
