// The reader: a card lights up the words that it was coded from, and those words their cards.
const cards = [...document.querySelectorAll("[data-card]")];
const marks = [...document.querySelectorAll("mark[data-events]")];
const eventsOf = (mark) => mark.dataset.events.split(" ");

function light(ids, on) {
  for (const mark of marks) if (eventsOf(mark).some((id) => ids.includes(id))) mark.classList.toggle("lit", on);
  for (const card of cards) if (ids.includes(card.dataset.card)) card.classList.toggle("lit", on);
}

function listen(element, ids) {
  for (const [start, end] of [["mouseenter", "mouseleave"], ["focusin", "focusout"]]) {
    element.addEventListener(start, () => light(ids, true));
    element.addEventListener(end, () => light(ids, false));
  }
}

for (const card of cards) listen(card, [card.dataset.card]);
for (const mark of marks) listen(mark, eventsOf(mark));
