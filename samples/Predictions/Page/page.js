// What comes from the service becomes text, and is never read as HTML.

const byId = id => document.getElementById(id);
const make = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const draw = (name, attributes = {}, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

function fill(element, attributes, children) {
  Object.entries(attributes).forEach(([name, value]) => { element.setAttribute(name, value); });
  element.append(...children.flat());
  return element;
}

const duration = milliseconds => milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toFixed(1)} ms`;

// ---- The race: each lane's last minute

const shown = 60_000;
const lanes = [
  { name: "ours", title: "RedisResilience", about: "rate limiter and cache", requests: new Map(), slowest: 0 },
  { name: "hybrid", title: "HybridCache", about: "over Redis, the platform's own", requests: new Map(), slowest: 0 },
];
const race = { offset: 0, outages: [], state: "waiting" };

function setUpLane(lane) {
  lane.svg = draw("svg", { role: "img", "aria-label": `${lane.title}: how long the requests of the last minute took` });
  lane.now = make("dd", {}, "–");
  lane.worst = make("dd", {}, "–");
  byId("lanes").append(make("div", { class: "lane" },
    make("div", {}, make("h3", {}, lane.title), make("p", { class: "soft" }, lane.about)),
    lane.svg,
    make("dl", {}, make("dt", {}, "now"), lane.now, make("dt", {}, "slowest in a minute"), lane.worst)));
}

function hear(message) {
  race.offset = message.now - Date.now();
  for (const event of message.events) {
    const { requests } = lanes.find(lane => lane.name === event.lane);
    if (event.took === null) {
      requests.set(event.number, { at: event.time, took: null, how: "waiting" });
    } else if (requests.has(event.number)) {
      Object.assign(requests.get(event.number), { took: event.took, how: event.how });
    }
  }
  showRedis(message);
}

function showRedis(message) {
  const isAway = message.redis !== "available";
  const last = race.outages.at(-1);
  if (isAway && (!last || last.to !== null)) {
    race.outages.push({ from: message.now, to: null });
  } else if (!isAway && last && last.to === null) {
    last.to = message.now;
  }
  const words = { available: "Redis is in use", unavailable: `Redis is away${message.reason ? `: ${message.reason}` : ""}`, connecting: "Connecting to Redis" };
  byId("redis").dataset.state = message.redis;
  byId("redis").textContent = words[message.redis] ?? message.redis;
  byId("kill").disabled = message.server === "stopped";
  byId("freeze").disabled = message.server !== "running";
}

function drawLane(lane, now) {
  const width = lane.svg.clientWidth, height = lane.svg.clientHeight, left = 56, low = Math.log10(0.2), high = 4;
  if (width === 0) {
    return;
  }
  const x = at => left + ((width - left - 4) * (1 - ((now - at) / shown)));
  const y = took => height - 6 - ((height - 14) * Math.max(0, Math.min(1, (Math.log10(Math.max(took, 0.2)) - low) / (high - low))));
  const parts = [];
  for (const outage of race.outages.filter(outage => (outage.to ?? now) > now - shown)) {
    const from = Math.max(left, x(outage.from));
    parts.push(draw("rect", { class: "away", x: from, y: 0, width: Math.max(1, x(outage.to ?? now) - from), height }));
  }
  for (const mark of [1, 10, 100, 1000, 10000]) {
    parts.push(draw("line", { class: "grid-line", x1: left, x2: width, y1: y(mark), y2: y(mark) }));
    parts.push(draw("text", { x: left - 6, y: y(mark) + 4, "text-anchor": "end" }, mark >= 1000 ? `${mark / 1000} s` : `${mark} ms`));
  }
  let slowest = 0, latest = null;
  for (const [number, request] of lane.requests) {
    if (request.at < now - shown) {
      lane.requests.delete(number);
      continue;
    }
    const took = request.took ?? now - request.at;
    slowest = Math.max(slowest, took);
    if (request.how !== "waiting") {
      parts.push(draw("circle", { class: request.how, cx: x(request.at).toFixed(1), cy: y(took).toFixed(1), r: 2.2 }));
    } else if (took > 100) {
      parts.push(draw("line", { class: "waiting", x1: x(request.at), x2: x(request.at), y1: height - 6, y2: y(took) }));
    }
    latest = took > 100 || request.took !== null ? took : latest;
  }
  lane.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  lane.svg.replaceChildren(...parts);
  tell(lane.now, latest);
  tell(lane.worst, lane.requests.size > 0 ? slowest : null);
}

function tell(cell, took) {
  cell.textContent = took === null ? "–" : duration(took);
  cell.classList.toggle("slow", took > 1000);
}

function openRace() {
  const stream = new EventSource("race");
  stream.addEventListener("message", event => { hear(JSON.parse(event.data)); });
  stream.addEventListener("error", () => {
    byId("redis").dataset.state = "waiting";
    byId("redis").textContent = stream.readyState === EventSource.CLOSED
      ? "Not connected: close other pages of this sample, and load this one again" : "Not connected, trying again";
  });
  setInterval(() => { lanes.forEach(lane => { drawLane(lane, Date.now() + race.offset); }); }, 250);
}

// ---- The embedded Redis

const silent = "The sample does not answer. Does it still run?";

const said = {
  kill: "Killed. Calls go on from the source; start it again when you have seen enough.",
  freeze: "Frozen: its connections are open and nobody answers. That costs one deadline, once.",
  restart: "Started again, empty. It was picked up by itself.",
};

async function command(name) {
  const buttons = ["kill", "freeze", "restart"].map(byId);
  buttons.forEach(button => { button.disabled = true; });
  byId("server-said").textContent = name === "restart" ? "Starting it again …" : "";
  try {
    const response = await fetch(`server/${name}`, { method: "POST" });
    byId("server-said").textContent = response.ok ? said[name] : (await response.json()).detail ?? "That was not done.";
  } catch {
    byId("server-said").textContent = silent;
  }
  buttons.forEach(button => { button.disabled = false; });

  // The pressed one may be of no use any more, and what is disabled loses the keyboard's place.
  byId("restart").focus();
}

// ---- The chart

function drawChart({ symbol, lastPrices, forecast, model }) {
  const box = byId("chart"), width = box.clientWidth || 600, height = 260, left = 44, bottom = 24, right = 20;
  const months = [...lastPrices.map(point => point.month), ...forecast.map(point => point.month)];
  const values = [...lastPrices.map(point => point.price), ...forecast.flatMap(point => [point.lower, point.upper])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = niceStep((high - low) / 4);
  const [from, to] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  const x = index => left + ((width - left - right) * index / (months.length - 1));
  const y = value => height - bottom - ((height - bottom - 8) * (value - from) / (to - from));
  const line = points => points.map(([index, value], at) => `${at === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const last = lastPrices.length - 1, anchor = [last, lastPrices[last].price];
  const at = (point, index) => last + 1 + index;
  const parts = [];
  for (let value = from; value <= to + (step / 2); value += step) {
    parts.push(draw("line", { class: "grid-line", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    parts.push(draw("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, `${Math.round(value)}`));
  }
  months.forEach((month, index) => {
    if (index % (width < 420 ? 6 : 3) === 0) {
      parts.push(draw("text", { x: x(index), y: height - 6, "text-anchor": index === 0 ? "start" : "middle" }, month));
    }
  });
  const upper = [anchor, ...forecast.map((point, index) => [at(point, index), point.upper])];
  const lower = [anchor, ...forecast.map((point, index) => [at(point, index), point.lower])];
  parts.push(draw("path", { class: "interval", d: `${line(upper)}${line(lower.reverse()).replace("M", "L")}Z` }));
  parts.push(draw("path", { class: "price", d: line(lastPrices.map((point, index) => [index, point.price])) }));
  parts.push(draw("path", { class: "forecast", d: line([anchor, ...forecast.map((point, index) => [at(point, index), point.value])]) }));
  const ahead = forecast.at(-1);
  const summary = `${symbol}: ${lastPrices[last].price} in ${lastPrices[last].month}; expected ${ahead.value} in ${ahead.month}, with 95 % between ${ahead.lower} and ${ahead.upper}.`;
  box.replaceChildren(draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary }, parts));
  byId("chart-caption").textContent = `${summary} Closing prices (line), forecast by ${model.name} (dashed) and its interval.`;
  byId("numbers").replaceChildren(
    make("thead", {}, make("tr", {}, ["month", "price", "forecast", "interval"].map(name => make("th", { scope: "col" }, name)))),
    make("tbody", {},
      lastPrices.map(point => make("tr", {}, make("th", { scope: "row" }, point.month), make("td", {}, `${point.price}`), make("td", {}, ""), make("td", {}, ""))),
      forecast.map(point => make("tr", {}, make("th", { scope: "row" }, point.month), make("td", {}, ""), make("td", {}, `${point.value}`), make("td", {}, `${point.lower} to ${point.upper}`)))));
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.01)));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough);
}

// ---- Requests, and what they say in words

const path = () => `predictions/${encodeURIComponent(byId("symbol").value)}`;

async function ask(method = "GET") {
  const started = performance.now();
  const response = await fetch(path(), { method, cache: "no-store" });
  const took = performance.now() - started;
  const body = await response.text();
  return { response, took, body };
}

function cacheInWords(text) {
  const field = text ?? "";
  const seconds = /ttl=(-?\d+)/.exec(field)?.[1];
  return field === "" ? "The cache had no part in it."
    : field.includes("; hit") ? `Redis had it${seconds ? `, fresh for ${seconds} s more` : ""}. The source was not asked.`
    : field.includes("unavailable") ? "Redis is away: the source has answered, at once."
    : field.includes("fwd=stale") ? "Redis had an old one."
    : field.includes("collapsed") ? "Somebody else was loading it already, and this request waited for that one load."
    : field.includes("; stored") ? "Redis did not have it: the source has answered, and the answer was stored."
    : field.includes("not-stored") ? "Redis did not have it: the source has answered, and Redis did not take the answer in time."
    : "The source has answered.";
}

function limitInWords(limit, policy) {
  const left = /r=(\d+)/.exec(limit ?? "")?.[1], reset = /t=(\d+)/.exec(limit ?? "")?.[1];
  const quota = /q=(\d+)/.exec(policy ?? "")?.[1], window = /w=(\d+)/.exec(policy ?? "")?.[1];
  return left === undefined ? "Nobody counts just now: the request is allowed." : `${left} of ${quota} requests left${reset ? `, all of them again in ${Math.ceil(reset / 60)} min` : ""}${window ? ` (a window lasts ${window / 60} min)` : ""}.`;
}

function showResponse({ response, took }) {
  const field = name => response.headers.get(name);
  const rows = [
    ["Cache", cacheInWords(field("Cache-Status")), field("Cache-Status") && `Cache-Status: ${field("Cache-Status")}`],
    ["Age", field("Age") === null ? "New: it was made for this request." : `Made ${field("Age")} s ago.`, field("Age") && `Age: ${field("Age")}`],
    ["Version", field("ETag") ? "Ask with this tag, and an unchanged document is not sent again." : "No tag.", field("ETag") && `ETag: ${field("ETag")}`],
    ["Limit", limitInWords(field("RateLimit"), field("RateLimit-Policy")), field("RateLimit") && `RateLimit: ${field("RateLimit")}`],
  ];
  if (field("Retry-After")) {
    rows.push(["Again", `Come again in ${field("Retry-After")} s.`, `Retry-After: ${field("Retry-After")}`]);
  }
  const title = response.status === 429 ? "429: too many requests" : `${response.status} in ${duration(took)}`;
  byId("response").replaceChildren(make("p", { class: response.ok ? "big" : "big bad" }, title),
    make("dl", {}, rows.flatMap(([name, words, raw]) => [make("dt", {}, name), make("dd", {}, words, raw ? make("code", {}, raw) : "")])));
}

async function askOnce() {
  const answer = await ask();
  showResponse(answer);
  if (answer.response.ok) {
    drawChart(JSON.parse(answer.body));
  } else if (byId("chart").childElementCount === 0) {
    byId("chart-caption").textContent = "There is no document to draw: the request was denied.";
  }
  showKeys();
}

async function askHundred() {
  const button = byId("hundred");
  button.disabled = true;
  const answers = [];
  const started = performance.now();
  const caller = async () => {
    while (answers.length < 100) {
      const slot = answers.push(null) - 1;
      answers[slot] = await ask();
    }
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
  const took = performance.now() - started;
  const count = isCounted => answers.filter(isCounted).length;
  const hits = count(({ response }) => (response.headers.get("Cache-Status") ?? "").includes("; hit"));
  const denied = count(({ response }) => response.status === 429);
  const failed = count(({ response }) => !response.ok && response.status !== 429);
  showResponse(answers.at(-1));
  byId("response").prepend(make("p", { class: "big" }, `100 requests in ${duration(took)}`),
    make("p", { class: "soft" }, `${hits} hits, ${100 - hits - denied - failed} from the source, ${denied} denied (429), ${failed} failed. The slowest took ${duration(Math.max(...answers.map(answer => answer.took)))}. The last one:`));
  button.disabled = false;
  button.focus();
  showKeys();
}

async function change() {
  const { response, took } = await ask("PUT");
  byId("response").replaceChildren(
    make("p", { class: response.ok ? "big" : "big bad" }, response.ok ? `Changed in ${duration(took)}` : `${response.status}: not changed`),
    make("p", {}, response.ok ? "The document was computed anew and written to the source, and then its entry was removed from Redis: the next request is a miss."
      : "Changes have a limit of their own: ten at once, and ten a minute."));
  showKeys();
}

// ---- Somebody else's API

let askedBefore = 0;

async function askQuotes() {
  const button = byId("quote");
  button.disabled = true;
  const started = performance.now();
  const answers = [];
  let denied = 0, failed = 0;
  for (let number = 0; number < 20; number++) {
    const response = await fetch(`quotes/${encodeURIComponent(byId("symbol").value)}`, { cache: "no-store" });
    if (response.ok) {
      answers.push(await response.json());
    } else {
      [denied, failed] = response.status === 429 ? [denied + 1, failed] : [denied, failed + 1];
    }
  }
  const took = performance.now() - started;
  const last = answers.at(-1);
  const asked = Math.max(askedBefore, ...answers.map(answer => answer.requests));
  byId("quotes").replaceChildren(
    make("p", { class: "big" }, `${answers.length} answers in ${duration(took)}, ${asked - askedBefore} of them from that server`),
    make("p", {}, last ? cacheInWords(last.cache) : "It does not answer.", last?.cache ? make("code", {}, `Cache-Status: ${last.cache}`) : ""));
  if (denied > 0) {
    byId("quotes").append(make("p", { class: "soft" }, `${denied} were not sent (429): that server allows ten a second, and the limit holds without Redis, too.`));
  }
  if (failed > 0) {
    byId("quotes").append(make("p", { class: "bad" }, `${failed} failed.`));
  }
  askedBefore = asked;
  button.disabled = false;
  button.focus();
}

// ---- Keys

async function showKeys() {
  if (byId("server").hidden) {
    return;
  }
  const keys = await fetch("keys", { cache: "no-store" }).then(response => response.json()).catch(() => null);
  byId("keys").replaceChildren(keys === null || keys.length === 0
    ? make("p", { class: "soft" }, keys ? "Nothing yet." : "Nobody answers there. The service does.")
    : make("table", {},
      make("thead", {}, make("tr", {}, ["key", "lives", "value"].map(name => make("th", { scope: "col" }, name)))),
      make("tbody", {}, keys.map(({ key, value, seconds }) => make("tr", {},
        make("th", { scope: "row" }, make("code", {}, key)), make("td", { class: "number" }, seconds < 0 ? "for ever" : `${seconds} s`), make("td", { class: "value" }, make("code", {}, value)))))));
}

// ---- Begin

async function begin() {
  lanes.forEach(setUpLane);
  const server = await (await fetch("server")).json();
  byId("server").hidden = server === null;
  byId("no-race").hidden = server !== null;
  byId("lanes").hidden = server === null;
  if (server !== null) {
    byId("freeze").hidden = !server.canFreeze;
    openRace();
  } else {
    byId("redis").textContent = "Not the embedded Redis";
    byId("keys").replaceChildren(make("p", { class: "soft" }, "Shown for the embedded Redis only."));
  }
  // Who has spent his hundred requests is denied the list as well: the page goes on with one symbol, and says what the limit says.
  const list = await fetch("predictions");
  const symbols = list.ok ? await list.json() : ["AAPL"];
  byId("symbol").replaceChildren(...symbols.map(symbol => make("option", { value: symbol }, symbol)));
  await askOnce();
  setInterval(() => { if (!document.hidden) { showKeys(); } }, 2000);
}

// What is pressed while the sample is gone says so, and can be pressed again.
async function attempt(button, work, place) {
  try {
    await work();
  } catch {
    byId(place).replaceChildren(make("p", { class: "bad" }, silent));
    button.disabled = false;
  }
}

[["one", askOnce, "response"], ["hundred", askHundred, "response"], ["change", change, "response"], ["quote", askQuotes, "quotes"]].forEach(
  ([name, work, place]) => { byId(name).addEventListener("click", event => attempt(event.currentTarget, work, place)); });
byId("symbol").addEventListener("change", event => attempt(event.currentTarget, askOnce, "response"));
["kill", "freeze", "restart"].forEach(name => { byId(name).addEventListener("click", () => command(name)); });
begin();
