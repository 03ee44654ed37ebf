"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const found = form.elements.found;
  const trees = document.querySelector(".trees");
  const svg = trees.querySelector(".lines");
  const leaves = all(".leaf").map(node => ({ node, data: node.dataset, text: textOf(node), fits: true }));
  const others = all(".row, .proposal, #sheet tbody tr").map(node => ({ node, text: textOf(node) }));
  const byID = new Map(leaves.map(leaf => [leaf.node.id, leaf]));

  function textOf(node) {
    return (node.id + " " + node.textContent).toLowerCase();
  }

  const split = text => text.split(" ").filter(Boolean);
  const placesOf = leaf => split(leaf.data.places).map(id => byID.get(id)).filter(Boolean);

  // Filters. A leaf must pass all of them; a row, a proposal and a row of the sheet pass with one of their leaves.
  // The places of a leaf that passes stay as its partners, or there would be nothing to draw a line to.

  const names = ["search", "side", "status", "direction", "class"];

  function wanted() {
    const want = Object.fromEntries(names.map(name => [name, form.elements[name].value]));
    return { ...want, words: split(want.search.toLowerCase()), narrow: Boolean(want.side || want.status || want.class) };
  }

  const says = (text, words) => words.every(word => text.includes(word));

  function fits(data, want) {
    const verdicts = split(want.direction ? data[want.direction] : data.edc + " " + data.elmo);
    return (!want.side || data.side === want.side) && (!want.class || data.class === want.class) &&
      (!want.status || verdicts.includes(want.status));
  }

  function apply() {
    offerDirection();
    const want = wanted();
    const narrowed = leaves.filter(leaf => fits(leaf.data, want));
    const parts = new Set(narrowed.flatMap(leaf => split(leaf.data.parts)));
    showLeaves(new Set(narrowed.filter(leaf => says(leaf.text, want.words))));
    for (const { node, text } of others) node.hidden = want.narrow && !parts.has(node.id) || !says(text, want.words);
    all("section.part").forEach(node => { node.hidden = !node.querySelector(".row:not([hidden])"); });
    all(".figures tr[data-class]").forEach(node => {
      node.hidden = Boolean(want.class && node.dataset.class !== want.class || want.side && !node.dataset.class.startsWith(want.side + ":"));
    });
    tell();
    draw();
  }

  function showLeaves(fitting) {
    const partners = new Set([...fitting].flatMap(placesOf));
    for (const leaf of leaves) {
      leaf.fits = fitting.has(leaf);
      leaf.node.hidden = !leaf.fits && !partners.has(leaf);
      leaf.node.classList.toggle("partner", !leaf.fits);
    }
    all(".class").forEach(node => { node.hidden = !node.querySelector(".leaf:not([hidden])"); });
  }

  // offerDirection: a direction is that of a status.
  function offerDirection() {
    const { status, direction } = form.elements;
    direction.disabled = !status.value;
    direction.options[0].text = status.value ? "either" : "choose a status first";
    if (!status.value) direction.value = "";
  }

  function tell() {
    const some = (selector, one) => {
      const count = others.filter(({ node }) => !node.hidden && node.matches(selector)).length;
      return `${count} ${one}${count === 1 ? "" : "s"}`;
    };
    const count = leaves.filter(leaf => leaf.fits).length;
    found.value = [`${count} of ${leaves.length} leaves`, some(".row", "row"), some(".proposal", "proposal"), some("tr", "sheet row")].join(", ");
  }

  // Addresses. #?side=elmo&status=dropped is what a filter leaves; any other fragment is that of an element, and
  // whatever hides it gives way.

  const isFilter = () => location.hash.startsWith("#?");

  // cite puts the filters into the address. An address of an element stays until there is a filter.
  function cite() {
    const set = names.map(name => [name, form.elements[name].value]).filter(([, value]) => value);
    if (set.length) history.replaceState(null, "", "#?" + new URLSearchParams(set));
    else if (isFilter()) history.replaceState(null, "", location.href.split("#")[0]);
  }

  function arrive() {
    if (isFilter()) recall();
    else reveal();
  }

  function recall() {
    const set = new URLSearchParams(location.hash.slice(2));
    for (const name of names) {
      const field = form.elements[name];
      field.value = set.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; // no such choice
    }
    apply();
    document.getElementById("crosswalk").scrollIntoView();
  }

  function reveal() {
    const target = document.querySelector(":target");
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
      if (leaf.data.side !== "elmo") continue;
      for (const place of placesOf(leaf)) if (leaf.fits || place.fits) line(leaf.node, place.node, left, right, frame);
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
      for (const place of placesOf(byID.get(leaf.id))) place.node.classList.add("met");
    }
    draw();
  }

  // bring scrolls the other tree to the first place of a leaf that was opened.
  function bring(leaf) {
    const place = leaf && placesOf(byID.get(leaf.id))[0];
    if (!place || place.node.hidden) return;
    const tree = place.node.closest(".tree");
    tree.scrollTop += place.node.getBoundingClientRect().top - tree.getBoundingClientRect().top - tree.clientHeight / 2;
  }

  // The filters stay in view in a large window; what has the focus must not be below them.
  function clear() {
    const covered = getComputedStyle(form).position === "sticky" ? form.offsetHeight : 0;
    document.documentElement.style.scrollPaddingTop = covered + 8 + "px";
  }

  form.addEventListener("input", apply);
  form.addEventListener("change", cite);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); cite(); }));
  addEventListener("hashchange", arrive);
  addEventListener("load", () => setTimeout(arrive)); // after the browser has gone there itself
  addEventListener("resize", () => { clear(); draw(); });
  new ResizeObserver(clear).observe(form);
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
