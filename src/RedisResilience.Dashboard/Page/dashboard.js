// The page is drawn from what the server tells each second. Nothing that comes from there is ever read as HTML: it becomes text.

const minute = 60, kept = 300;
const page = { about: null, live: null, seconds: [], cursor: null, policy: "", isPaused: false, stream: null, retry: 0 };

// ---- Elements

const byId = id => document.getElementById(id);

function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// ---- Words and numbers

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const rate = value => value === 0 ? "0" : value < 10 ? value.toFixed(1) : whole.format(value);
const percent = value => Number.isFinite(value) ? `${(100 * value).toFixed(value >= 0.9995 || value < 0.0005 ? 0 : 1)} %` : "–";
const time = milliseconds => clock.format(milliseconds);

function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) {
    return "–";
  }
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s`
    : milliseconds >= 100 ? `${milliseconds.toFixed(0)} ms`
    : milliseconds >= 1 ? `${milliseconds.toFixed(1)} ms`
    : `${(1000 * milliseconds).toFixed(0)} µs`;
}

function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days > 0 ? `${days} d${hours > 0 ? ` ${hours} h` : ""}` : hours > 0 ? `${hours} h${minutes > 0 ? ` ${minutes} min` : ""}` : minutes > 0 ? `${minutes} min${seconds % 60 > 0 ? ` ${seconds % 60} s` : ""}` : `${seconds} s`;
}

function bytes(count) {
  const unit = count >= 1 << 30 ? ["GB", 1 << 30] : count >= 1 << 20 ? ["MB", 1 << 20] : count >= 1024 ? ["KB", 1024] : ["B", 1];
  return `${unit[1] === 1 ? count : (count / unit[1]).toFixed(1)} ${unit[0]}`;
}

// "DeadlineExceeded" becomes "deadline exceeded".
const words = name => (name ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();

function say(text) {
  setText(byId("say"), text);
}

// ---- What the plots show

const sum = (counts, isCounted) => counts.reduce((total, count) => isCounted(count) ? total + count.times : total, 0);

// A count by the second that it stands for: the clock that makes the seconds may be late.
function perSecond(index, times) {
  const before = page.seconds[index - 1];
  const elapsed = before ? (page.seconds[index].time - before.time) / 1000 : 1;
  return times / Math.max(elapsed, 0.1);
}

const ofPolicy = count => page.policy === "" || (count.third || "default") === page.policy;
const decided = decider => (second, index) => perSecond(index, sum(second.decisions, c => ofPolicy(c) && c.first === "allowed" && c.second === decider));
const read = (...outcomes) => (second, index) => perSecond(index, sum(second.reads, c => outcomes.includes(c.first)));

const plots = [
  {
    id: "decisions", title: "Rate limiter: who decides", kind: "stack", unit: "/s", nothing: "No decision in this time",
    series: [
      { name: "allowed by Redis", color: "blue", of: decided("redis") },
      { name: "allowed here, without asking", color: "teal", of: decided("local") },
      { name: "by the failure policy", color: "amber", of: decided("failure_policy") },
      { name: "denied", color: "red", of: (second, index) => perSecond(index, sum(second.decisions, c => ofPolicy(c) && c.first === "denied")) },
    ],
    figure: rows => [`${rate(rows.reduce((total, row) => total + row.now, 0))}`, "decisions/s"],
  },
  {
    id: "reads", title: "Cache: what reads are answered with", kind: "stack", unit: "/s", nothing: "No read in this time",
    series: [
      { name: "hit", color: "blue", of: read("hit") },
      { name: "stale", color: "violet", of: read("stale") },
      { name: "collapsed, another's load", color: "cyan", of: read("collapsed") },
      { name: "miss", color: "slate", of: read("miss") },
      { name: "without Redis", color: "amber", of: read("unavailable") },
    ],
    figure: rows => {
      const all = rows.reduce((total, row) => total + row.minute, 0);
      return [percent((rows[0].minute + rows[1].minute + rows[2].minute) / all), "hits in the last minute"];
    },
  },
  {
    id: "waits", title: "Redis: how long callers wait", kind: "band", unit: "ms", nothing: "No command in this time",
    series: [
      { name: "p99", color: "blue", of: second => second.commands.count ? second.commands.p99 : null },
      { name: "p90", color: "teal", of: second => second.commands.count ? second.commands.p90 : null },
      { name: "p50", color: "slate", of: second => second.commands.count ? second.commands.p50 : null },
    ],
    bound: () => ({ value: page.live?.deadline, name: "deadline" }),
    figure: rows => [duration(rows[0].now), "p99"],
  },
  {
    id: "source", title: "Source: loads and queue", kind: "lines", unit: "", nothing: "None in this time",
    series: [
      { name: "loads under way", color: "blue", of: second => second.loads },
      { name: "waiting for their turn", color: "amber", of: second => second.queue },
    ],
    bound: () => ({ value: page.about?.maximumLoads, name: "most at once" }),
    figure: rows => [whole.format(rows[0].now ?? 0), `of ${whole.format(page.about?.maximumLoads ?? 0)} at once; queue ${whole.format(rows[1].now ?? 0)} of ${whole.format(page.about?.maximumQueue ?? 0)}`],
  },
];

function setUp(plot) {
  const title = make("h2", { id: `${plot.id}-title` }, plot.title);
  plot.number = make("p", { class: "figure" });
  plot.drawing = make("div", { class: "drawing", tabindex: 0, role: "group", "aria-labelledby": `${plot.id}-title`, "aria-describedby": `${plot.id}-hint` });
  plot.nothingHere = make("p", { class: "empty", hidden: true }, plot.nothing);
  plot.svg = draw("svg", { height: 190, "aria-hidden": "true" });
  plot.drawing.append(plot.svg, plot.nothingHere, make("p", { id: `${plot.id}-hint`, class: "sr" }, "A plot of the last five minutes. The table below has its values. Arrow keys move along the time."));
  plot.when = make("th", { scope: "col" }, "now");
  plot.cells = plot.series.map(() => [make("td"), make("td"), make("td")]);
  const isRate = plot.kind === "stack";
  const table = make("table", {},
    make("caption", { class: "sr" }, `${plot.title}, in numbers`),
    make("thead", {}, make("tr", {}, make("td"), plot.when,
      make("th", { scope: "col" }, isRate ? "1 min" : "most in 1 min"), make("th", { scope: "col" }, isRate ? "5 min" : "in 5 min"))),
    make("tbody", {}, plot.series.map((series, index) => make("tr", { class: `c-${series.color}` },
      make("th", { scope: "row" }, make("span", { class: "swatch", "aria-hidden": "true" }), series.name), ...plot.cells[index]))));
  const head = make("div", { class: "plot-head" }, title, plot.number);
  if (plot.id === "decisions") {
    plot.choice = make("select", { "aria-label": "Policy" }, make("option", { value: "" }, "all policies"));
    plot.choice.addEventListener("change", () => { page.policy = plot.choice.value; show(); });
    plot.choice.hidden = true;
    head.append(plot.choice);
  }
  byId("plots").append(make("section", { class: "card plot", "aria-labelledby": `${plot.id}-title` }, head, plot.drawing, table));
  plot.drawing.addEventListener("pointermove", event => { moveCursor(indexAt(plot, event)); });
  plot.drawing.addEventListener("pointerleave", () => { moveCursor(null); });
  plot.drawing.addEventListener("blur", () => { moveCursor(null); });
  plot.drawing.addEventListener("keydown", event => { onKey(plot, event); });
  new ResizeObserver(() => { show(); }).observe(plot.drawing);
}

// ---- Along the time

const left = 42, right = 6, top_ = 8, bottom = 22, height = 190;
const slotWidth = plot => (plot.width - left - right) / (kept - 1);
const xOf = (plot, index) => left + ((kept - page.seconds.length + index) * slotWidth(plot));

function indexAt(plot, event) {
  const x = event.clientX - plot.drawing.getBoundingClientRect().left;
  const index = Math.round(((x - left) / slotWidth(plot)) - (kept - page.seconds.length));
  return index >= 0 && index < page.seconds.length ? index : null;
}

function moveCursor(index) {
  const next = index === null ? null : page.seconds[index].time;
  if (next !== page.cursor) {
    page.cursor = next;
    show();
  }
}

function onKey(plot, event) {
  const last = page.seconds.length - 1;
  const now = page.cursor === null ? last : page.seconds.findIndex(second => second.time === page.cursor);
  const step = event.shiftKey ? 10 : 1;
  const next = { ArrowLeft: Math.max(0, now - step), ArrowRight: Math.min(last, now + step), Home: 0, End: last }[event.key];
  if (event.key === "Escape") {
    moveCursor(null);
  } else if (next !== undefined && last >= 0) {
    event.preventDefault();
    moveCursor(next);
    say(`${time(page.seconds[next].time)}: ${plot.series.map((series, index) => `${series.name} ${plot.cells[index][0].textContent}`).join(", ")}`);
  }
}

// ---- Drawing

// Where the lines across a plot are, and how high a value is, from 0 to 1. Times go by powers of ten: what is usual and what is an outage are on one plot.
function scale(plot, most, least) {
  if (plot.unit === "ms") {
    const [low, high] = [Math.floor(Math.log10(Math.max(least, 0.001))), Math.max(Math.ceil(Math.log10(most)), Math.floor(Math.log10(Math.max(least, 0.001))) + 1)];
    const marks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
    return { marks, part: value => Math.max(0, (Math.log10(Math.max(value, marks[0])) - low) / (high - low)) };
  }
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(plot.kind === "lines" ? 1 : 0, [1, 2, 2.5, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough));
  return { marks: [0, step, 2 * step, 3 * step], part: value => value / (3 * step) };
}

const axis = (plot, value) => plot.unit === "ms" ? value >= 1000 ? `${value / 1000} s` : value >= 1 ? `${value} ms` : `${Math.round(1000 * value)} µs` : value >= 1000 ? `${+(value / 1000).toFixed(1)}k` : `${+value.toFixed(3)}`;

function path(points) {
  let text = "", isOpen = false;
  for (const point of points) {
    text += point === null ? "" : `${isOpen ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    isOpen = point !== null;
  }
  return text;
}

// The ground between two lines, where there is any.
function between(plot, upper, lower, y) {
  let text = "";
  for (let index = 0; index < upper.length; index++) {
    const from = index;
    while (index < upper.length && upper[index] !== null && upper[index] > lower[index]) {
      index++;
    }
    if (index > from) {
      // A single second is a line as well.
      const [begin, end] = plot.kind === "stack" ? [Math.max(0, from - 1), Math.min(upper.length - 1, index)] : [from, index - 1];
      const seconds = Array.from({ length: end - begin + 1 }, (_, offset) => begin + offset);
      text += `${path([...seconds.map(second => [xOf(plot, second), y(upper[second])]), ...seconds.reverse().map(second => [xOf(plot, second), y(lower[second])])])}Z`;
    }
  }
  return text;
}

function outages(plot) {
  const zones = [];
  let from = null;
  page.seconds.forEach((second, index) => {
    const isOut = second.availability === "Unavailable" || second.availability === "Connecting";
    if (isOut && from === null) {
      from = index;
    }
    if (from !== null && (!isOut || index === page.seconds.length - 1)) {
      const x = xOf(plot, from);
      zones.push(draw("rect", { class: "outage", x, y: top_, width: Math.max(1.5, xOf(plot, index) - x), height: height - top_ - bottom }));
      from = null;
    }
  });
  return zones;
}

function render(plot) {
  plot.width = plot.drawing.clientWidth;
  if (plot.width === 0) {
    return;
  }
  const values = plot.series.map(series => page.seconds.map((second, index) => series.of(second, index)));
  const totals = page.seconds.map((_, index) => plot.kind === "stack"
    ? values.reduce((total, row) => total + row[index], 0)
    : Math.max(0, ...values.map(row => row[index] ?? 0)));
  const isEmpty = !totals.some(total => total > 0);
  const bound = plot.bound?.();
  // A bound is drawn where it is near: else it would press all the rest flat.
  const peak = Math.max(...totals, plot.unit === "ms" ? 0.1 : 1);
  const isBoundNear = bound?.value > 0 && (plot.unit === "ms" || bound.value < 4 * peak);
  const least = Math.min(...values.flat().filter(value => value > 0));
  const { marks, part } = scale(plot, Math.max(peak, isBoundNear ? bound.value : 0) * 1.02, Number.isFinite(least) ? least : 0.1);
  const y = value => height - bottom - (part(value) * (height - top_ - bottom));
  const parts = outages(plot);
  for (const mark of marks) {
    parts.push(draw("line", { class: "grid-line", x1: left, x2: plot.width - right, y1: y(mark), y2: y(mark) }));
    parts.push(draw("text", { x: left - 6, y: y(mark) + 4, "text-anchor": "end" }, axis(plot, mark)));
  }
  for (let back = 0; back <= 5; back += plot.width < 420 ? 2 : 1) {
    const x = plot.width - right - (back * minute * slotWidth(plot));
    parts.push(draw("text", { x, y: height - 6, "text-anchor": back === 0 ? "end" : back === 5 ? "start" : "middle" }, back === 0 ? "now" : `−${back} min`));
  }
  parts.push(...shapes(plot, values, y));
  if (isBoundNear) {
    parts.push(draw("line", { class: "bound", x1: left, x2: plot.width - right, y1: y(bound.value), y2: y(bound.value) }));
    parts.push(draw("text", { x: left + 4, y: y(bound.value) - 4 }, bound.name));
  }
  const at = page.cursor === null ? -1 : page.seconds.findIndex(second => second.time === page.cursor);
  if (at >= 0) {
    parts.push(draw("line", { class: "cursor", x1: xOf(plot, at), x2: xOf(plot, at), y1: top_, y2: height - bottom }));
  }
  plot.svg.setAttribute("viewBox", `0 0 ${plot.width} ${height}`);
  plot.svg.replaceChildren(...parts);
  plot.nothingHere.hidden = !isEmpty;
  tell(plot, values, at);
}

function shapes(plot, values, y) {
  if (plot.kind === "stack") {
    let below = page.seconds.map(() => 0);
    return values.map((row, index) => {
      const above = row.map((value, second) => below[second] + value);
      const shape = draw("path", { class: `area c-${plot.series[index].color}`, d: between(plot, above, below, y) });
      below = above;
      return shape;
    });
  }
  const lines = values.map((row, index) => draw("path", {
    class: `line c-${plot.series[index].color}`, d: path(row.map((value, second) => value === null ? null : [xOf(plot, second), y(value)])),
  }));
  const band = () => draw("path", { class: "band c-blue", d: between(plot, values[0], values.at(-1), y) });
  return plot.kind === "band" ? [band(), ...lines] : lines;
}

// ---- The table beside a plot

function tell(plot, values, at) {
  const last = page.seconds.length - 1;
  const isRate = plot.kind === "stack";
  const write = value => value === null || value === undefined ? "–" : plot.unit === "ms" ? duration(value) : isRate ? rate(value) : whole.format(value);
  const condense = row => {
    const present = row.filter(value => value !== null);
    return present.length === 0 ? null : isRate ? present.reduce((total, value) => total + value, 0) / row.length : Math.max(...present);
  };
  const rows = values.map(row => ({ now: row[at >= 0 ? at : last] ?? null, minute: condense(row.slice(-minute)), all: condense(row) }));
  rows.forEach((row, index) => [row.now, row.minute, row.all].forEach((value, column) => { setText(plot.cells[index][column], write(value)); }));
  setText(plot.when, at >= 0 ? time(page.seconds[at].time) : "now");
  const [number, unit] = plot.figure(values.map(row => ({ now: row[last] ?? null, minute: condense(row.slice(-minute)) ?? 0 })));
  plot.number.replaceChildren(`${number} `, make("small", {}, unit));
}

// ---- The state

const conditions = {
  available: "is in use",
  unavailable: "is away, and calls go on without it",
  connecting: "is being connected to",
  notConfigured: "is not configured",
};

// As the lists and the headline name one of several: the one without a name is just Redis.
const calledRedis = name => name === "" ? "Redis" : `Redis ${name}`;
const headline = (name, state) => name === "" && state === "notConfigured" ? "No Redis is configured" : `${calledRedis(name)} ${conditions[state] ?? state}`;

function showState() {
  const { live, about, seconds } = page;
  const now = seconds[seconds.length - 1]?.time ?? Date.now();
  byId("state").dataset.state = live.state;
  setText(byId("state-title"), live.state === "available" && live.shardsAway > 0 ? `${calledRedis(live.name)} is in use, in part` : headline(live.name, live.state));
  const reason = live.reason ? `${live.reason[0].toUpperCase()}${live.reason.slice(1).replace(/\.$/, "")}. ` : "";
  setText(byId("state-detail"), live.state === "notConfigured"
    ? "Every call is allowed, and every read is a miss."
    : `${reason}For ${span(now - live.since)}, since ${time(live.since)}.`);
  // Those of the Redis that this panel is about.
  const isItsOwn = fault => fault.second === live.name;
  const faults = seconds.reduce((total, second) => total + sum(second.faults, isItsOwn), 0);
  const reasons = new Map();
  seconds.forEach(second => second.faults.filter(isItsOwn).forEach(fault => reasons.set(fault.first, (reasons.get(fault.first) ?? 0) + fault.times)));
  const commonest = [...reasons].sort((one, other) => other[1] - one[1])[0];
  byId("facts").replaceChildren(
    fact("Mode", live.state === "available" ? "with Redis" : "without Redis"),
    fact("Round trip", duration(live.roundTrip)),
    fact("Deadline", live.state === "notConfigured" ? "–" : duration(live.deadline), live.isFar ? "grown: Redis is far away" : null),
    fact("Local tier", live.localTier),
    fact("Shards away", whole.format(live.shardsAway)),
    fact("Faults, 5 min", whole.format(faults), commonest ? `mostly ${words(commonest[0])}` : null),
    ...live.servers.map(({ name, state, reason, roundTrip }) => fact(calledRedis(name), conditions[state] ?? state, reason ?? (roundTrip === null ? null : duration(roundTrip)))));
  showTransitions(now);
  document.title = `${live.state === "available" ? "●" : "○"} Redis · ${about.application}`;
}

function fact(name, value, more) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, value, more ? [" ", make("small", {}, more)] : []));
}

// A line for each Redis: what one has gone through says nothing of another.
function showTransitions(now) {
  const { name, state, servers, transitions } = page.live;
  const isOneOfSeveral = servers.length > 0;
  const all = [{ name, state }, ...servers];
  byId("timeline").replaceChildren(...all.flatMap((server, index) => [
    isOneOfSeveral ? make("p", { class: "line-name" }, calledRedis(server.name)) : null,
    timeLine(now, server, transitions.filter(transition => transition.server === server.name), index === all.length - 1),
  ]).filter(element => element !== null));
  setText(byId("transition-count"), transitions.length === 0 ? "none yet" : `${transitions.length}`);
  const list = byId("transition-list");
  if (list.childElementCount !== transitions.length || list.dataset.last !== String(transitions.at(-1)?.time)) {
    list.dataset.last = String(transitions.at(-1)?.time);
    list.replaceChildren(...[...transitions].reverse().map(transition => make("li", {},
      `${time(transition.time)} `,
      isOneOfSeveral || transition.server !== "" ? `${calledRedis(transition.server)} ` : "",
      make("span", { class: transition.isInUse ? "came" : "went" }, transition.isInUse ? "in use" : "away"),
      transition.reason ? `: ${words(transition.reason)}` : "")));
  }
}

function timeLine(now, { name, state }, transitions, hasLabels) {
  const hour = 3600 * 1000, width = byId("timeline").clientWidth || 600, from = now - hour;
  const x = at => Math.max(0, Math.min(width, ((at - from) / hour) * width));
  const begin = Math.max(from, page.about.startedAt);
  const changes = transitions.filter(transition => transition.time > begin);
  const before = transitions.filter(transition => transition.time <= begin).pop();
  const segments = [];
  let kind = before ? (before.isInUse ? "in" : "out") : changes.length > 0 || state !== "available" ? "unknown" : "in", at = begin;
  for (const change of [...changes, { time: now, isInUse: null }]) {
    segments.push(draw("rect", { class: kind, x: x(at), y: 2, width: Math.max(0.5, x(change.time) - x(at)), height: 14, rx: 1 }));
    [kind, at] = [change.isInUse ? "in" : "out", change.time];
  }
  const labels = !hasLabels ? [] : (width < 420 ? [60, 30, 0] : [60, 45, 30, 15, 0]).map(back => draw("text", {
    x: x(now - (back * 60000)), y: 30, "text-anchor": back === 60 ? "start" : back === 0 ? "end" : "middle",
  }, back === 0 ? "now" : `−${back} min`));
  const tall = hasLabels ? 34 : 18;
  return draw("svg", { viewBox: `0 0 ${width} ${tall}`, height: tall, role: "img", "aria-label": summarize(calledRedis(name), changes) },
    draw("rect", { class: "unknown", x: 0, y: 2, width, height: 14, rx: 3, opacity: 0.5 }), segments, labels);
}

function summarize(redis, changes) {
  const away = changes.filter(change => !change.isInUse).length;
  return away === 0 ? `In the last hour, ${redis} did not go away.` : `In the last hour, ${redis} went away ${away === 1 ? "once" : `${away} times`}.`;
}

// ---- Tables

function card(id, title, isWide = false) {
  const body = make("div", { class: "scroll", id: `${id}-body`, tabindex: 0, role: "group", "aria-labelledby": `${id}-title` });
  byId("tables").append(make("section", { class: `card${isWide ? " wide" : ""}`, "aria-labelledby": `${id}-title` }, make("h2", { id: `${id}-title` }, title), body));
  return body;
}

function list(body, columns, rows, nothing) {
  const key = JSON.stringify(rows.map(row => row.map(cell => cell.textContent ?? cell)));
  if (body.dataset.key === key) {
    return;
  }
  body.dataset.key = key;
  body.replaceChildren(rows.length === 0 ? make("p", { class: "none" }, nothing) : make("table", {},
    make("thead", {}, make("tr", {}, columns.map(([name, kind]) => name === "" ? make("td") : make("th", { scope: "col", class: kind }, name)))),
    make("tbody", {}, rows.map(row => make("tr", {}, row.map((cell, index) => make(index === 0 ? "th" : "td", { class: columns[index][1], scope: index === 0 ? "row" : null }, cell)))))));
}

const deniedTable = card("denied", "Denied in the last five minutes: the busiest keys");
const namespaceTable = card("namespaces", "Stored by this process, by namespace");
const policyTable = card("policies", "Policies");
const endpointTable = card("endpoints", "Endpoints");

function showDenied() {
  const { denied } = page.live;
  const now = page.seconds.at(-1)?.time ?? Date.now();
  const columns = [[page.about.showsKeys ? "key" : "key, hashed", "text"], ["policy", "text"], ["denied"], ["until"]];
  const rows = denied.map(row => [
    make("code", {}, row.key ?? row.id),
    row.policy || "default",
    whole.format(row.times),
    row.until > now ? `${time(row.until)}` : "over",
    ...(page.about.allowsActions ? [button("Reset", `Reset the count of ${row.key ?? row.id}`, () => act("denied", row.id))] : []),
  ]);
  list(deniedTable, page.about.allowsActions ? [...columns, ["", ""]] : columns, rows, "Nobody.");
}

function showConfigured({ policies, endpoints }) {
  list(policyTable, [["policy", "text"], ["allows", "text"], ["without Redis", "text"]],
    policies.map(policy => [make("code", {}, policy.name), policy.limit, policy.withoutRedis]), "No endpoint has a limit.");
  list(endpointTable, [["endpoint", "text"], ["limits", "text"], ["cached for"]],
    endpoints.map(endpoint => [
      make("span", {}, make("small", {}, endpoint.methods ? `${endpoint.methods} ` : ""), make("code", {}, endpoint.route)),
      endpoint.policies.join(", ") || "none",
      endpoint.seconds === null ? "–" : span(1000 * endpoint.seconds),
    ]), "No endpoint is limited or cached.");
  if (page.about.allowsActions && byId("actions") === null) {
    showActions(policies.filter(policy => policy.canReset));
  }
}

// ---- Actions, where the application allows them

const kinds = [["entry", "Remove an entry", "its key"], ["tag", "Remove all entries of a tag", "the tag"], ["namespace", "Remove a namespace", "such as predictions:v1"], ["limit", "Reset a limit", "the key that it counts"]];

function button(text, label, onClick) {
  const element = make("button", { type: "button", "aria-label": label }, text);
  element.addEventListener("click", onClick);
  return element;
}

function showActions(policies) {
  const kind = make("select", { id: "action-kind" }, kinds.map(([value, text]) => make("option", { value }, text)));
  const value = make("input", { id: "action-value", type: "text", required: true, maxlength: 1024, autocomplete: "off", spellcheck: "false", placeholder: kinds[0][2] });
  const policy = make("select", { id: "action-policy", hidden: true, "aria-label": "Policy" }, policies.map(({ name }) => make("option", { value: name }, name)));
  const form = make("form", { id: "actions", class: "actions" },
    make("label", { for: "action-kind" }, "Action"), kind, make("label", { for: "action-value" }, "Of"), value, policy, make("button", { type: "submit" }, "Do it"));
  kind.addEventListener("change", () => {
    policy.hidden = kind.value !== "limit";
    value.placeholder = kinds.find(([name]) => name === kind.value)[2];
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    act(kind.value, value.value, policy.hidden ? null : policy.value);
  });
  byId("tables").append(make("section", { class: "card wide", "aria-labelledby": "actions-title" }, make("h2", { id: "actions-title" }, "Actions"), form,
    make("p", { id: "action-said", class: "none", role: "status" }, "They take effect at once, for every process.")));
}

async function act(kind, value, policy = null) {
  const said = byId("action-said");
  try {
    const { header, value: token } = await (await fetch("token", { cache: "no-store" })).json();
    const response = await fetch("actions", { method: "POST", headers: { "Content-Type": "application/json", [header]: token }, body: JSON.stringify({ kind, value, policy }) });
    said.textContent = response.status === 429 ? "Too many at once. Try again soon." : (await response.json()).text;
  } catch {
    said.textContent = "The application could not be asked.";
  }
}

function showNamespaces() {
  const reads = new Map();
  for (const second of page.seconds) {
    for (const count of second.reads) {
      const known = reads.get(count.second) ?? { hits: 0, all: 0 };
      known.all += count.times;
      known.hits += ["hit", "stale", "collapsed"].includes(count.first) ? count.times : 0;
      reads.set(count.second, known);
    }
  }
  const rows = [...page.live.namespaces].sort((one, other) => other.bytes - one.bytes).map(space => [
    space.namespace === "" ? "(none)" : make("code", {}, space.namespace),
    whole.format(space.keys),
    bytes(space.bytes),
    percent((reads.get(space.namespace)?.hits ?? NaN) / (reads.get(space.namespace)?.all ?? NaN)),
  ]);
  list(namespaceTable, [["namespace", "text"], ["keys"], ["bytes"], ["hits, 5 min"]], rows, "Nothing has been stored yet.");
}

// ---- Everything

function show() {
  if (page.live === null) {
    return;
  }
  showState();
  const policies = [...new Set(page.seconds.flatMap(second => second.decisions.map(count => count.third || "default")))].sort();
  offer(plots[0].choice, policies);
  plots.forEach(render);
  showDenied();
  showNamespaces();
}

function offer(choice, names) {
  choice.hidden = names.length < 2;
  if (choice.dataset.names !== names.join("\n")) {
    choice.dataset.names = names.join("\n");
    choice.replaceChildren(make("option", { value: "" }, "all policies"), ...names.map(name => make("option", { value: name, selected: name === page.policy }, name)));
  }
}

function connected(state, text) {
  byId("connection").dataset.state = state;
  setText(byId("connection"), text);
}

function begin(message) {
  const { about } = message;
  [page.about, page.live, page.seconds] = [about, message.live, message.seconds];
  setText(byId("application"), `${about.application} · ${about.environment}`);
  setText(byId("about"), `RedisResilience ${about.version} · ${about.machine}, process ${about.process}`);
  connected("live", "Live");
  showConfigured(message);
  show();
}

function goOn(message) {
  const before = page.live.state;
  page.live = message.live;
  page.seconds.push(message.second);
  page.seconds.splice(0, page.seconds.length - kept);
  if (before !== message.live.state) {
    say(headline(message.live.name, message.live.state));
  }
  show();
}

function open() {
  close();
  const stream = page.stream = new EventSource("events");
  stream.addEventListener("first", event => { begin(JSON.parse(event.data)); });
  stream.addEventListener("second", event => { goOn(JSON.parse(event.data)); });
  stream.addEventListener("error", () => {
    connected("lost", "Not connected, trying again");
    if (stream.readyState === EventSource.CLOSED) {
      page.retry = setTimeout(open, 5000);
    }
  });
}

function close() {
  clearTimeout(page.retry);
  page.stream?.close();
  page.stream = null;
}

// Nobody looks at a hidden tab: nothing is recorded for it.
function look() {
  if (page.isPaused || document.hidden) {
    close();
    connected("waiting", page.isPaused ? "Paused" : "Waiting");
  } else if (page.stream === null) {
    open();
  }
}

// ---- Buttons

byId("pause").addEventListener("click", event => {
  page.isPaused = !page.isPaused;
  event.currentTarget.setAttribute("aria-pressed", String(page.isPaused));
  look();
});

const themes = ["system", "light", "dark"];

function remembered() {
  try {
    return localStorage.getItem("redis-resilience-theme") ?? "system";
  } catch {
    return "system";
  }
}

function dress(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  setText(byId("theme"), `Theme: ${theme}`);
}

byId("theme").addEventListener("click", () => {
  const theme = themes[(themes.indexOf(remembered()) + 1) % themes.length];
  try {
    localStorage.setItem("redis-resilience-theme", theme);
  } catch {
    // It is as it is until the page is loaded again.
  }
  dress(theme);
});

dress(themes.includes(remembered()) ? remembered() : "system");
plots.forEach(setUp);
document.addEventListener("visibilitychange", look);
addEventListener("pagehide", close);
addEventListener("pageshow", look);
look();
