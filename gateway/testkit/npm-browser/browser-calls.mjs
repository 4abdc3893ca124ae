// Calls from the page of the demonstration in Debian's Chromium: by voice, by keys, and without a microphone.
// PAGE: its origin. WAV: what the microphone hears, again and again. PICTURES: folder for what was seen. Prints a line of JSON per call.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const { PAGE, WAV, PICTURES, CHROMIUM } = process.env;
const PATIENCE = 60000; // of a machine that does much else
const VOICE_CALLS = 5;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${WAV}`,
    "--autoplay-policy=no-user-gesture-required",
  ],
});

/** A browser of its own, with or without a microphone, and what went wrong in it. */
async function open(locale, width, microphone) {
  const context = await browser.newContext({ locale, viewport: { width, height: width < 500 ? 800 : 900 }, reducedMotion: "reduce" });
  await context.grantPermissions(microphone ? ["microphone"] : [], { origin: PAGE });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => request.url().startsWith(PAGE) || wrong.push("asked " + request.url()));
  await page.goto(PAGE + "/try");
  await page.selectOption("#line", "one");
  return { page, wrong };
}

const stage = (page, name) => page.waitForSelector(`#stages [data-stage="${name}"]`);
const entry = (page, type) => page.waitForSelector(`#entries [data-type="${type}"]`);
const key = (page, name) => page.click(`[id="key-${name}"]`);
/** The question was put, and nothing of it is spoken any more: from here on a yes counts. */
const question = (page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll("#said > li:not(.now)")].some(
      (each) => each.textContent.includes("question.") && !each.querySelector(".word:not(.said)"),
    ),
  );
const heard = (page) => page.waitForFunction(() => Number(document.getElementById("they").dataset.loudest) > 0.05);

async function hangUp(page) {
  await page.click("#call");
  await page.waitForFunction(() => !document.getElementById("call").disabled && !document.body.classList.contains("in-call"));
}

/** What keeps people out, looked for in a copy without the policy: that forbids any script of others. */
async function barriers(page) {
  const copy = await browser.newContext({ bypassCSP: true, viewport: page.viewportSize() });
  const seen = await copy.newPage();
  await seen.goto(PAGE + "/try");
  const html = await page.evaluate(() => document.body.outerHTML);
  await seen.evaluate((body) => { document.body.outerHTML = body; }, html);
  await seen.evaluate(axe);
  const found = await seen.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
  await copy.close();
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(", ")}`);
}

async function tell(name, { page, wrong }, more) {
  const seen = await page.evaluate(() => ({
    entries: [...document.querySelectorAll("#entries > li")].map((each) => each.dataset.type),
    stages: [...document.querySelectorAll("#stages > li")].map((each) => each.dataset.stage),
    said: [...document.querySelectorAll("#said > li:not(.you):not(.event)")].map((each) => each.querySelector(".text").textContent),
    answered: [...document.querySelectorAll("#said > li.you")].map((each) => each.textContent),
    loudest: Number(document.getElementById("they").dataset.loudest),
    problem: document.getElementById("problem").textContent,
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  }));
  console.log(JSON.stringify({ call: name, ...seen, ...more, wrong }));
}

const picture = (page, name) => page.screenshot({ path: `${PICTURES}/try-${name}.png`, fullPage: true });

/** What had happened until then is told of a call that went wrong, too. */
const told = (name, make, story) => async () => {
  const call = await make();
  try {
    await story(call.page, call);
  } catch (error) {
    await tell(name, call, {});
    throw error;
  }
};

/** Whether it was understood in the end: on a busy machine a recogniser may come too late for a whole question. */
const understood = (page) =>
  page
    .waitForFunction(() => {
      if (document.querySelector('#entries [data-type="AssistantOpened"]')) return "yes";
      return document.querySelector('#entries [data-type="Unanswered"]') ? "no" : null;
    })
    .then((told) => told.jsonValue());

const byVoice = told("voice", () => open("de-DE", 1440, true), async (page, call) => {
  let understoodNow = "no";
  for (let call = 0; understoodNow === "no" && call < VOICE_CALLS; call++) {
    await page.click("#call");
    understoodNow = await understood(page);
    if (understoodNow === "no") await hangUp(page);
  }
  await stage(page, "joined");
  await heard(page);
  await picture(page, "voice-1440");
  await hangUp(page);
  await entry(page, "AssistantCut");
  await tell("voice", call, { barriers: await barriers(page) });
});

const byKeys = told("keys", () => open("en-GB", 375, true), async (page, call) => {
  await picture(page, "before-375");
  await page.click("#mute"); // else the microphone says yes first
  await page.click("#call");
  await question(page);
  // Until it counts: a key that comes so late that the question is being repeated may be too early for that one.
  const decided = stage(page, "decided");
  for (let done = false; !done; ) {
    await key(page, "1");
    done = await Promise.race([decided.then(() => true), page.waitForTimeout(2500).then(() => false)]);
  }
  await stage(page, "joined");
  await page.keyboard.press("*");
  await page.keyboard.press("9");
  await entry(page, "HolderNotified");
  await picture(page, "keys-375");
  await hangUp(page);
  await tell("keys", call, { barriers: await barriers(page) });
});

const withoutMicrophone = told("denied", () => open("de-DE", 375, false), async (page, call) => {
  await page.click("#call");
  await question(page);
  await heard(page);
  await key(page, "2");
  await entry(page, "Refused");
  await picture(page, "denied-375");
  await hangUp(page);
  await tell("denied", call, { barriers: await barriers(page) });
});

// Whoever is to be understood calls while nobody else does.
const calls = await Promise.allSettled([byVoice()]);
calls.push(...(await Promise.allSettled([byKeys(), withoutMicrophone()])));
for (const each of calls) if (each.status === "rejected") console.log(JSON.stringify({ failed: String(each.reason.stack) }));
await browser.close();
process.exit(calls.every((each) => each.status === "fulfilled") ? 0 : 1);
