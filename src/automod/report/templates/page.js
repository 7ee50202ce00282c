"use strict";
// Sorting and filtering of tables. The page is complete without it.
(function () {
  function value(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : cell.dataset.sort;
  }

  function compare(one, other, numeric) {
    // Unknown is neither small nor large: it stays at the end.
    if (one === "" || other === "") return (one === "") - (other === "") || 0;
    return numeric ? Number(one) - Number(other) : one.localeCompare(other);
  }

  function sortBy(table, column, numeric) {
    const heads = table.tHead.rows[0].cells;
    const was = heads[column].getAttribute("aria-sort");
    const up = was === null ? !numeric : was === "descending";
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = Array.from(table.tBodies[0].rows, (row) => [value(row, column), row]);
    rows.sort(function (one, other) {
      const order = compare(one[0], other[0], numeric);
      return up || one[0] === "" || other[0] === "" ? order : -order;
    });
    table.tBodies[0].append(...rows.map((pair) => pair[1]));
  }

  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      if (!head.dataset.by) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(table, column, head.dataset.by === "number"));
    });
  }

  function chooser(table, head, column) {
    const values = new Set(Array.from(table.tBodies[0].rows, (row) => value(row, column)));
    const select = document.createElement("select");
    select.setAttribute("aria-label", head.textContent);
    select.add(new Option(head.textContent + ": " + table.dataset.every, ""));
    for (const one of Array.from(values).sort()) select.add(new Option(one, one));
    return { column: column, control: select };
  }

  function makeFilter(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const find = document.createElement("input");
    find.type = "search";
    find.placeholder = table.dataset.find;
    find.setAttribute("aria-label", table.dataset.find);
    const choosers = heads
      .map((head, column) => [head, column])
      .filter((pair) => pair[0].dataset.choose !== undefined)
      .map((pair) => chooser(table, pair[0], pair[1]));
    const shown = document.createElement("output");
    function apply() {
      const wanted = find.value.trim().toLowerCase();
      let count = 0;
      for (const row of table.tBodies[0].rows) {
        const fits =
          row.textContent.toLowerCase().includes(wanted) &&
          choosers.every((one) => !one.control.value || value(row, one.column) === one.control.value);
        row.hidden = !fits;
        count += fits;
      }
      shown.textContent = table.dataset.shown
        .replace("{count}", count)
        .replace("{of}", table.tBodies[0].rows.length);
    }
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(find, ...choosers.map((one) => one.control), shown);
    table.parentElement.before(tools);
    for (const control of [find, ...choosers.map((one) => one.control)]) {
      control.addEventListener("input", apply);
    }
    apply();
  }

  for (const table of document.querySelectorAll("table[data-tools]")) {
    makeFilter(table);
    makeSortable(table);
  }
  addEventListener("beforeprint", function () {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
})();
