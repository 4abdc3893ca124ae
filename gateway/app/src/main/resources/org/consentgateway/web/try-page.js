// The page: what it shows of a call, in the language that was chosen. All text is set as text, never as markup.
import { Call } from "/try/telephone.js";
import { words } from "/try/words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const find = (id) => document.getElementById(id);

let language = navigator.languages?.find((each) => /^(de|en)\b/.test(each))?.slice(0, 2) ?? "en";
const shown = []; // redrawn when the language changes
let call = null;
let state = "idle";
let answeredAt = null;
let heard = "microphone";
let muted = false;
let speaking = new Map();
let spoken = null;
let loudest = 0;

const say = () => words[language];

function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** Text that is said anew in another language. */
function saying(element, text) {
  const draw = () => (element.textContent = text(say()));
  shown.push(draw);
  draw();
  return element;
}

function speak(chosen) {
  language = chosen;
  const now = say();
  document.documentElement.lang = language;
  document.title = now.page;
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = now[each.dataset.say];
  find("language").textContent = now.other;
  find("language").lang = now.otherLanguage;
  for (const option of find("line").options) {
    const spokenIn = option.dataset.languages.split(" ").map((each) => now.languages[each] ?? each).join(", ");
    option.textContent = `${option.value} – ${now.dialogs[option.dataset.dialog] ?? ""} (${spokenIn})`;
  }
  for (const key of KEYS) find("key-" + key).lastChild.textContent = now.pad[key];
  shown.forEach((draw) => draw());
  showState();
}

function showState(next = state) {
  state = next;
  const inCall = !["idle", "over", "ending"].includes(state);
  document.body.classList.toggle("in-call", inCall);
  find("state").textContent = say()[state];
  find("call").textContent = inCall ? say().hangUp : say().call;
  find("call").classList.toggle("in-call", inCall);
  find("call").disabled = state === "ending";
  find("line").disabled = inCall || state === "ending";
  const connected = inCall && answeredAt !== null;
  for (const key of KEYS) find("key-" + key).disabled = !connected;
  find("withdraw").disabled = !connected;
  find("mute").hidden = heard !== "microphone";
  find("mute").setAttribute("aria-pressed", String(muted));
  find("mute").textContent = say().mute;
}

function problem(text) {
  const place = find("problem");
  place.hidden = !text;
  if (text) saying(place, text);
}

function seconds(at) {
  return answeredAt === null ? "" : ((at - answeredAt) / 1000).toFixed(1) + " s";
}

function added(list, element) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.append(element);
  if (atEnd) list.scrollTop = list.scrollHeight;
  const empty = { said: "nothing-said", entries: "nothing-recorded", stages: "nothing-happened" }[list.id];
  find(empty).hidden = true;
  return element;
}

// ---- what is said, word by word ----

function says(news) {
  find("said").querySelectorAll(".hearing").forEach((each) => each.remove());
  let from = 0;
  const list = [];
  for (const part of news.parts) {
    const item = make("li");
    item.lang = part.language;
    const who = make("p", undefined, "who");
    saying(who, (now) => `${now.gateway} · ${part.part}`);
    const text = make("p", undefined, "text");
    const all = [...part.text.matchAll(/\S+\s*/g)].map(([word]) => word);
    const letters = all.reduce((sum, word) => sum + word.length, 0);
    let before = 0;
    const pieces = all.map((word) => {
      const span = make("span", word, "word");
      text.append(span);
      const at = from + (part.millis * before) / Math.max(1, letters);
      before += word.length;
      return { span, at };
    });
    item.append(who, text);
    list.push({ item, pieces, from, until: from + part.millis });
    from += part.millis;
  }
  const utterance = { began: performance.now(), parts: list, shownParts: 0 };
  speaking.set(news.number, utterance);
  spoken = utterance;
  follow();
}

function follow() {
  const now = spoken;
  if (!now) return;
  const at = performance.now() - now.began;
  while (now.shownParts < now.parts.length && at >= now.parts[now.shownParts].from) {
    added(find("said"), now.parts[now.shownParts++].item);
  }
  for (const part of now.parts) {
    part.item.classList.toggle("now", at >= part.from && at < part.until);
    for (const piece of part.pieces) if (at >= piece.at) piece.span.classList.add("said");
  }
}

function silent(news) {
  const utterance = speaking.get(news.number);
  speaking.delete(news.number);
  if (!utterance) return;
  if (spoken === utterance) spoken = null;
  for (const part of utterance.parts) part.item.classList.remove("now");
  if (news.whole) {
    for (const part of utterance.parts) {
      if (!part.item.isConnected) added(find("said"), part.item);
      for (const piece of part.pieces) piece.span.classList.add("said");
    }
  } else {
    const last = utterance.parts[Math.max(0, utterance.shownParts - 1)];
    last.item.classList.add("cut");
    const cut = make("p", undefined, "who");
    saying(cut, (now) => now.cut);
    last.item.append(cut);
  }
}

// ---- what was heard ----

function answer(text, className) {
  find("said").querySelectorAll(".hearing").forEach((each) => each.remove());
  return added(find("said"), saying(make("li", undefined, "you " + (className ?? "")), text));
}

function understood(news) {
  if (news.verdict === "speech") {
    answer((now) => now.speech, "hearing");
  } else if (news.verdict === "words") {
    const share = Math.round(100 * news.confidence);
    answer((now) => now.heardAs(news.word, now.meanings[news.meaning] ?? news.meaning, share) + (news.weak ? now.doubtful : ""));
  } else if (news.verdict === "nothing") {
    if (news.why === "EMPTY") find("said").querySelectorAll(".hearing").forEach((each) => each.remove());
    else answer((now) => now.nothing[news.why] ?? news.why);
  } else if (!find("said").querySelector(".deaf")) {
    answer((now) => now.deaf[news.why] ?? news.why, "deaf");
  }
}

// ---- stages and entries ----

function stage(news) {
  if (news.stage === "answered") {
    answeredAt = news.at;
    showState(heard === "microphone" ? "talking" : "listening");
  } else if (news.stage === "ringing") {
    showState("ringing");
  } else if (news.stage === "joined") {
    added(find("said"), saying(make("li", undefined, "event"), (now) => now["joined" + news.what]));
    showState(news.what === "ASSISTANT" ? "withAssistant" : "withHuman");
  } else if (news.stage === "cut") {
    showState(heard === "microphone" ? "talking" : "listening");
  }
  const item = make("li");
  const time = make("time", answeredAt === null ? "–" : seconds(news.at));
  item.append(time, saying(make("span"), (now) => now.stages[news.stage]?.(news) ?? news.stage));
  item.dataset.stage = news.stage;
  added(find("stages"), item);
}

function facts(record, now) {
  const told = {
    part: record?.served?.part,
    completed: record?.served?.completed,
    level: record?.decision?.level,
    reason: record?.decision?.reason ?? record?.reason,
    key: record?.decision?.key ?? record?.withdrawal?.key,
    words: record?.decision?.words,
    confidence: record?.decision?.confidence,
    assistant: record?.assistant,
  };
  return Object.entries(told)
    .filter(([, value]) => value !== undefined && value !== null && value !== "" && typeof value !== "object")
    .map(([name, value]) => `${now.facts[name]}: ${value}`)
    .join(" · ");
}

function entry(news) {
  const item = make("li");
  item.dataset.type = news.type;
  const head = make("h3", news.type);
  const when = make("span");
  saying(when, (now) => `${now.entry} ${news.index} · ${seconds(news.at)}`);
  head.append(when);
  const details = make("details");
  const summary = saying(make("summary"), (now) => now.record);
  details.append(summary, make("pre", JSON.stringify(news.record ?? {}, null, 1) + "\n\nleaf " + news.leaf));
  item.append(
    head,
    saying(make("p"), (now) => now.entries[news.type] ?? now.unknownEntry),
    saying(make("p", undefined, "facts"), (now) => facts(news.record, now)),
    details,
  );
  added(find("entries"), item);
}

function told(news) {
  switch (news.kind) {
    case "says": return says(news);
    case "silent": return silent(news);
    case "heard": return understood(news);
    case "key": return answer((now) => `${now.pressed} ${news.key}`);
    case "stage": return stage(news);
    case "entry": return entry(news);
    case "over":
      if (news.how === "refused") problem((now) => now.refused(news.status));
      return showState("ending");
  }
}

// ---- the call ----

async function begin() {
  for (const list of ["said", "entries", "stages"]) find(list).replaceChildren();
  shown.length = 0;
  speaking = new Map();
  spoken = null;
  answeredAt = null;
  loudest = 0;
  problem(null);
  const placed = new Call(told, (why) => ended(placed, why));
  placed.muted = muted;
  call = placed;
  showState("asking");
  try {
    heard = await placed.place(find("line").value);
    if (call !== placed || heard === "left") return;
    if (heard !== "microphone") problem((now) => now[heard]);
    if (state === "asking") showState("calling");
  } catch (error) {
    console.error(error);
    placed.over("page");
  }
}

function ended(which, why) {
  if (call !== which) return;
  call = null;
  spoken = null;
  for (const item of document.querySelectorAll("#said .now")) item.classList.remove("now");
  find("said").querySelectorAll(".hearing").forEach((each) => each.remove());
  showState("over");
  if (why) problem((now) => now.failed + (now.why[why] ?? why));
}

function press(key) {
  if (call && answeredAt !== null) call.press(key);
}

for (const key of KEYS) {
  const button = make("button");
  button.type = "button";
  button.id = "key-" + key;
  button.append(make("b", key), make("small"));
  button.onclick = () => press(key);
  find("pad").append(button);
}
find("call").onclick = () => (call ? call.hangUp() : begin());
find("withdraw").onclick = () => ["*", "9"].forEach(press);
find("mute").onclick = () => {
  muted = !muted;
  if (call) call.muted = muted;
  showState();
};
find("language").onclick = () => speak(say().otherLanguage);
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey;
  if (typing || event.repeat || !KEYS.includes(event.key) || !call) return;
  press(event.key);
  const button = find("key-" + event.key);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
});
window.addEventListener("pagehide", () => call?.hangUp());

setInterval(() => {
  follow();
  const now = call?.hears() ?? 0;
  loudest = Math.max(loudest, now);
  find("they").value = now;
  find("they").dataset.loudest = String(loudest);
  find("you").value = call?.spoke ?? 0;
}, 80);

speak(language);
