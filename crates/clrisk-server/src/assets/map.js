// A map that can be enlarged, walked over with the keyboard, and asked for one class alone. Everything it shows is in the page without
// it too. The address keeps what is seen: #view=x,y,width,height&only=look.
"use strict";

for (const frame of document.querySelectorAll("[data-map]")) {
  const svg = frame.querySelector("svg.map");
  if (svg) start(frame, svg);
}

function start(frame, svg) {
  const readout = frame.querySelector(".readout");
  const tools = frame.querySelector(".map-tools");
  const links = [...svg.querySelectorAll("a")];
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let view = { ...full };
  let settle = 0;
  let rest = 160;
  let middles = null;
  let here = null;

  // Moving the finished picture is cheap; drawing it anew is not. While a hand moves, the picture is moved; when it rests, it is drawn.
  function move(next) {
    const width = Math.min(full.width, Math.max(full.width / 40, next.width));
    const height = (width * full.height) / full.width;
    const inside = (at, low, room) => Math.min(low + Math.max(room, 0), Math.max(low, at));
    view = { x: inside(next.x, full.x, full.width - width), y: inside(next.y, full.y, full.height - height), width, height };
    const drawn = svg.viewBox.baseVal;
    const pixels = svg.clientWidth / drawn.width;
    const scale = drawn.width / view.width;
    frame.classList.add("moving");
    svg.style.transform = `translate(${(drawn.x - view.x) * pixels * scale}px, ${(drawn.y - view.y) * pixels * scale}px) scale(${scale})`;
    clearTimeout(settle);
    settle = setTimeout(draw, rest);
  }

  function draw() {
    clearTimeout(settle);
    const begun = performance.now();
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    svg.style.transform = "";
    frame.classList.remove("moving");
    frame.classList.toggle("zoomed", view.width < full.width * 0.999);
    // Where drawing takes long (thousands of areas, an old computer), the hand must rest longer before it is done again.
    requestAnimationFrame(() => requestAnimationFrame(() => { rest = Math.min(700, Math.max(160, 2 * (performance.now() - begun))); }));
    remember();
  }

  function zoom(factor, point) {
    const at = point ?? { x: view.x + view.width / 2, y: view.y + view.height / 2 };
    const width = view.width / factor;
    const limited = Math.min(full.width, Math.max(full.width / 40, width));
    const share = limited / view.width;
    move({ x: at.x - (at.x - view.x) * share, y: at.y - (at.y - view.y) * share, width: limited });
  }

  function place(event) {
    const box = frame.getBoundingClientRect();
    return {
      x: view.x + ((event.clientX - box.left) / svg.clientWidth) * view.width,
      y: view.y + ((event.clientY - box.top) / svg.clientHeight) * view.height,
    };
  }

  // The state in the address.
  function remember() {
    const state = new URLSearchParams(location.hash.slice(1));
    const round = (value) => Math.round(value);
    if (view.width < full.width * 0.999) state.set("view", [view.x, view.y, view.width, view.height].map(round).join(","));
    else state.delete("view");
    const only = svg.dataset.only;
    if (only) state.set("only", only);
    else state.delete("only");
    const text = state.toString().replaceAll("%2C", ",");
    if (text === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    } catch {
      // A copy on a disk may not be allowed to; the picture is the same.
    }
    for (const link of document.querySelectorAll("nav.choices a, .languages a")) link.hash = text;
  }

  // Tools, wheel, drag, pinch.
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const kind = event.target.dataset.zoom;
    if (kind === "in") zoom(1.8);
    else if (kind === "out") zoom(1 / 1.8);
    else if (kind === "all") move({ ...full });
  });
  frame.addEventListener("wheel", (event) => {
    // The wheel alone scrolls the page, as everywhere; with Ctrl, or once enlarged, it zooms.
    if (!event.ctrlKey && !frame.classList.contains("zoomed")) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0018), place(event));
  }, { passive: false });
  const hands = new Map();
  let dragged = false;
  svg.addEventListener("pointerdown", (event) => {
    hands.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const hand = hands.get(event.pointerId);
    if (!hand) return;
    const [dx, dy] = [event.clientX - hand.x, event.clientY - hand.y];
    if (!dragged && Math.hypot(dx, dy) < 6) return;
    const zoomed = view.width < full.width * 0.999;
    if (!dragged && (zoomed || hands.size > 1)) svg.setPointerCapture(event.pointerId);
    dragged = true;
    if (hands.size === 2) {
      const [other] = [...hands].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const before = Math.hypot(hand.x - other.x, hand.y - other.y);
      const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      const middle = { clientX: (event.clientX + other.x) / 2, clientY: (event.clientY + other.y) / 2 };
      if (before > 0) zoom(after / before, place(middle));
    } else if (zoomed) {
      const unit = view.width / svg.clientWidth;
      move({ ...view, x: view.x - dx * unit, y: view.y - dy * unit });
    }
    hands.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(kind, (event) => hands.delete(event.pointerId));
  svg.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
    dragged = false;
  }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  // Names and values under the pointer or the keyboard.
  function tell(link) {
    readout.textContent = link?.querySelector("title")?.textContent ?? "";
  }
  svg.addEventListener("pointerover", (event) => tell(event.target.closest("a")));
  svg.addEventListener("pointerout", () => tell(here));

  // The arrow keys go to the nearest municipality in their direction; one link is in the tab order.
  function measure() {
    middles ??= links.map((link) => {
      const box = link.getBBox();
      return { link, x: box.x + box.width / 2, y: box.y + box.height / 2 };
    });
    return middles;
  }
  function enter(link) {
    if (here) here.setAttribute("tabindex", "-1");
    here = link;
    link.setAttribute("tabindex", "0");
    link.focus({ preventScroll: true });
    const at = measure().find((middle) => middle.link === link);
    const margin = 0.1;
    const outside = at.x < view.x + view.width * margin || at.x > view.x + view.width * (1 - margin) ||
      at.y < view.y + view.height * margin || at.y > view.y + view.height * (1 - margin);
    if (outside && view.width < full.width) {
      move({ ...view, x: at.x - view.width / 2, y: at.y - view.height / 2 });
      draw();
    }
    tell(link);
  }
  const directions = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  svg.addEventListener("keydown", (event) => {
    const direction = directions[event.key];
    if (direction && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const from = measure().find((middle) => middle.link === (here ?? links[0]));
      const [right, down] = direction;
      let best = null;
      for (const to of measure()) {
        const along = (to.x - from.x) * right + (to.y - from.y) * down;
        const across = Math.abs((to.x - from.x) * down) + Math.abs((to.y - from.y) * right);
        if (along <= 0 || across > 2 * along) continue;
        const far = along + 2 * across;
        if (!best || far < best.far) best = { far, link: to.link };
      }
      if (best) enter(best.link);
    } else if (event.key === "+" || event.key === "-") {
      const at = measure().find((middle) => middle.link === here);
      zoom(event.key === "+" ? 1.8 : 1 / 1.8, at);
    } else if (event.key === "Escape") {
      move({ ...full });
    }
  });
  svg.addEventListener("focusin", (event) => {
    const link = event.target.closest("a");
    if (link) {
      here = link;
      tell(link);
      if (!readout.dataset.told) readout.textContent = `${readout.textContent} · ${readout.dataset.hint}`;
      readout.dataset.told = "1";
    }
  });
  links[0]?.setAttribute("tabindex", "0");

  // One step of the legend alone.
  const legend = document.querySelector(".legend");
  const looks = new Set([...svg.querySelectorAll("[data-look]")].map((group) => group.dataset.look));
  function isolate(look) {
    if (look) svg.dataset.only = look;
    else delete svg.dataset.only;
    svg.classList.toggle("isolated", Boolean(look));
    for (const group of svg.querySelectorAll("[data-look]")) group.classList.toggle("kept", group.dataset.look === look);
    for (const button of legend?.querySelectorAll("button[data-look]") ?? []) button.setAttribute("aria-pressed", String(button.dataset.look === look));
    remember();
  }
  // A map that the server reduced to one step has links that take it back.
  const reduced = Boolean(legend?.querySelector("a[aria-current]"));
  for (const item of reduced ? [] : (legend?.querySelectorAll("li[data-look]") ?? [])) {
    if (!looks.has(item.dataset.look)) continue;
    for (const link of item.querySelectorAll("a")) {
      const label = document.createElement("span");
      label.className = link.className;
      label.textContent = link.textContent;
      link.replaceWith(label);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.look = item.dataset.look;
    button.setAttribute("aria-pressed", "false");
    button.append(...item.childNodes);
    item.append(button);
    button.addEventListener("click", () => isolate(svg.dataset.only === button.dataset.look ? "" : button.dataset.look));
  }

  // What the address asks for.
  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    const [x, y, width] = (state.get("view") ?? "").split(",").map(Number);
    if (width > 0 && Number.isFinite(x + y)) {
      move({ x, y, width });
      draw();
    }
    const only = state.get("only") ?? svg.dataset.only ?? "";
    if (looks.has(only)) isolate(only);
  }
  restore();
}
