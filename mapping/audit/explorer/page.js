"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const found = form.elements.found;
  const trees = document.querySelector(".trees");
  const svg = trees.querySelector(".lines");
  const leaves = all(".leaf").map(node => ({ node, data: node.dataset, text: textOf(node) }));
  const others = all(".row, .proposal, #sheet tbody tr").map(node => ({ node, text: textOf(node) }));
  const byID = new Map(leaves.map(leaf => [leaf.node.id, leaf]));

  function textOf(node) {
    return (node.id + " " + node.textContent).toLowerCase();
  }

  // Filters. A leaf must pass all of them; a row passes with one of its leaves, a proposal with one of its rows.

  function wanted() {
    const field = name => form.elements[name].value;
    return {
      words: field("search").toLowerCase().split(/\s+/).filter(Boolean),
      side: field("side"), status: field("status"), direction: field("direction"), class: field("class"),
    };
  }

  const says = (text, words) => words.every(word => text.includes(word));

  function fits(data, want) {
    const verdicts = want.direction ? [data[want.direction]] : [data.edc, data.elmo];
    return (!want.side || data.side === want.side) && (!want.class || data.class === want.class) &&
      (!want.status || verdicts.includes(want.status));
  }

  function apply() {
    const want = wanted();
    const narrowed = Boolean(want.side || want.class || want.status);
    const rows = new Set(), sheet = new Set();
    let shown = 0;
    for (const leaf of leaves) {
      const fit = fits(leaf.data, want);
      if (fit) {
        rows.add(leaf.data.row);
        all('a[href^="#sheet-"]', leaf.node).forEach(a => sheet.add(a.getAttribute("href").slice(1)));
      }
      leaf.node.hidden = !(fit && says(leaf.text, want.words));
      shown += leaf.node.hidden ? 0 : 1;
    }
    all(".class").forEach(node => { node.hidden = !node.querySelector(".leaf:not([hidden])"); });
    let rest = 0;
    for (const other of others) {
      const ids = (other.node.dataset.rows || other.node.id).split(" ");
      const fit = !narrowed || ids.some(id => rows.has(id) || sheet.has(id));
      other.node.hidden = !(fit && says(other.text, want.words));
      rest += other.node.hidden || !other.node.matches(".row") ? 0 : 1;
    }
    all("section.part").forEach(node => { node.hidden = !node.querySelector(".row:not([hidden])"); });
    all(".figures tr[data-class]").forEach(node => {
      node.hidden = Boolean(want.class && node.dataset.class !== want.class || want.side && !node.dataset.class.startsWith(want.side + ":"));
    });
    found.value = `${shown} of ${leaves.length} leaves, ${rest} rows`;
    draw();
  }

  // Addresses. Whatever hides the target of a link gives way.

  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    all(".current").forEach(node => node.classList.remove("current"));
    if (!target || target.matches("main, main > section")) return; // the browser goes there itself
    if (target.hidden) {
      form.reset();
      apply();
    }
    for (let node = target; node; node = node.parentElement) if (node.matches("details")) node.open = true;
    const own = target.matches(".leaf") && target.querySelector("details");
    if (own) {
      own.open = true;
      own.querySelector("summary").focus({ preventScroll: true });
    } else if (target.tabIndex === -1) {
      target.focus({ preventScroll: true });
    }
    target.classList.add("current");
    target.scrollIntoView({ block: "center" });
    draw();
  }

  // Lines between the leaves in view and their places.

  let active = null, waiting = false;

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      paint();
    });
  }

  function paint() {
    const frame = trees.getBoundingClientRect();
    const [left, right] = all(".tree", trees).map(tree => tree.getBoundingClientRect());
    svg.replaceChildren();
    if (getComputedStyle(svg).display === "none") return;
    for (const leaf of leaves) {
      if (leaf.data.side !== "elmo" || leaf.node.hidden) continue;
      for (const id of leaf.data.places.split(" ").filter(Boolean)) {
        const place = byID.get(id);
        if (place) line(leaf.node, place.node, left, right, frame);
      }
    }
  }

  function line(from, to, left, right, frame) {
    const met = active && (from === active || to === active);
    const a = height(from, left), b = height(to, right);
    if (a === null || b === null || !met && (a.outside || b.outside)) return;
    const x1 = left.right - frame.left, x2 = right.left - frame.left, y1 = a.y - frame.top, y2 = b.y - frame.top;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${x1} ${y1}C${x1 + 45} ${y1} ${x2 - 45} ${y2} ${x2} ${y2}`);
    if (met) path.setAttribute("class", "met");
    path.dataset.from = from.id;
    path.dataset.to = to.id;
    svg.append(path);
  }

  // height is where a leaf stands: its own line, that of its class when this is closed, or the edge of its tree.
  function height(leaf, tree) {
    if (leaf.hidden) return null;
    const box = leaf.closest("details.class");
    const seen = (box.open ? leaf.querySelector("summary") : box.querySelector("summary")).getBoundingClientRect();
    const y = seen.top + seen.height / 2;
    return { y: Math.min(Math.max(y, tree.top), tree.bottom), outside: y < tree.top || y > tree.bottom };
  }

  function meet(node) {
    const leaf = node && node.closest(".leaf");
    if (leaf === active) return;
    all(".met", trees).forEach(other => other.classList.remove("met"));
    active = leaf;
    if (leaf) {
      leaf.classList.add("met");
      for (const id of leaf.dataset.places.split(" ").filter(Boolean)) byID.get(id)?.node.classList.add("met");
    }
    draw();
  }

  // bring scrolls the other tree to the first place of a leaf that was opened.
  function bring(leaf) {
    const place = leaf && byID.get(leaf.dataset.places.split(" ")[0]);
    if (!place || place.node.hidden) return;
    const tree = place.node.closest(".tree");
    tree.scrollTop += place.node.getBoundingClientRect().top - tree.getBoundingClientRect().top - tree.clientHeight / 2;
  }

  const closed = new Set();
  addEventListener("beforeprint", () => all("details:not([open])").forEach(node => { closed.add(node); node.open = true; }));
  addEventListener("afterprint", () => { closed.forEach(node => { node.open = false; }); closed.clear(); });
  form.addEventListener("input", apply);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", reveal);
  addEventListener("load", () => setTimeout(reveal)); // after the browser has gone there itself
  addEventListener("resize", draw);
  trees.addEventListener("scroll", draw, true);
  trees.addEventListener("toggle", event => {
    if (event.target.open && event.target.parentElement === active) bring(active);
    draw();
  }, true);
  trees.addEventListener("focusin", event => meet(event.target));
  trees.addEventListener("mouseover", event => meet(event.target));
  form.hidden = false;
  apply();
})();
