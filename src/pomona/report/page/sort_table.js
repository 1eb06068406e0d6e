const alphabet = new Intl.Collator("en", { numeric: true });

/**
 * A table that each heading sorts, and sorts the other way when pressed again. A column is {title, value, cell, number,
 * bar}: `value` gives what is sorted by, `cell` what is shown. The rows come in the order of column `sorted`.
 */
function sortTable(caption, columns, rows, { sorted = 0, descending = false, first = 20, what = "rows" } = {}) {
  const heads = columns.map((column, i) => {
    const head = el("th", { scope: "col", class: column.number ? "number" : null });
    head.append(column.value ? button(column.title, () => sort(i)) : column.title);
    return head;
  });
  const body = el("tbody");
  const table = el("table", { class: "sortable" }, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, heads)), body);
  const scroller = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
  const frame = el("div", { class: "table" });
  let order = { column: sorted, descending };

  const makeRow = (row) => el("tr", {}, columns.map((column, i) =>
    el(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null,
      class: column.number ? "number" : column.bar ? "bar-cell" : null }, column.cell(row))));

  const show = () => {
    const { value } = columns[order.column];
    const sign = order.descending ? -1 : 1;
    const compare = (a, b) => (typeof a === "string" ? alphabet.compare(a, b) : a - b);
    heads.forEach((head, i) => {
      if (i !== order.column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    });
    const ordered = [...rows].sort((a, b) => sign * compare(value(a), value(b)));
    body.replaceChildren();
    frame.replaceChildren(scroller, ...fillSome(body, ordered, makeRow, first, what));
  };
  const sort = (i) => {
    order = { column: i, descending: order.column === i ? !order.descending : Boolean(columns[i].number) };
    show();
  };
  show();
  return frame;
}
