// Has the page Today be told things by a server of its own, in Debian's Chromium, and prints what the page then says: a line of JSON per step.
// node live-walk.mjs SETTINGS.json
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await chromium.launch({ executablePath: settings.browser, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

/** RFC 6238. */
function code(base32) {
  const bits = [...base32].map((each) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(each).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((each) => parseInt(each, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Instead of the browser's, so that each event comes when it is wanted. */
function standIn() {
  class Source extends EventTarget {
    constructor() {
      super();
      this.readyState = 1;
      window.source = this;
    }

    close() {
      this.readyState = 2;
    }
  }
  Object.assign(Source, { CONNECTING: 0, OPEN: 1, CLOSED: 2 });
  window.EventSource = Source;
  window.says = (name, data) => window.source.dispatchEvent(new MessageEvent(name, { data }));
  window.breaks = (state) => {
    window.source.readyState = state;
    window.source.dispatchEvent(new Event("error"));
  };
}

try {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  await page.addInitScript(standIn);
  await page.clock.install();
  await page.goto(settings.base + "/sign-in");
  await page.fill("#name", settings.name);
  await page.fill("#password", settings.password);
  await page.fill("#code", code(settings.totp));
  await Promise.all([page.waitForURL(settings.base + "/"), page.click("form[action='/sign-in'] button")]);

  const say = async (step) => console.log(JSON.stringify({
    step,
    state: await page.locator("[data-live-state]").innerText(),
    shown: await page.locator("#shown").allInnerTexts(),
    open: await page.locator("#parts[open]").count(),
  }));
  const region = (text) => page.evaluate((one) => window.says("region", `<details id="parts"><summary>Parts</summary></details><p id="shown">${one}</p>`), text);

  await region("one");
  await say("shown");
  await page.click("#parts summary");
  await region("two");
  await say("held");
  await page.evaluate(() => window.says("alive", ""));
  await say("still held");
  await page.evaluate(() => window.breaks(0));
  await say("broken while held");
  await page.click("h1");
  await page.clock.runFor(100);
  await say("left while broken");
  await page.evaluate(() => window.says("alive", ""));
  await say("there again");
  await page.click("#parts summary");
  await region("three");
  await page.click("h1");
  await page.clock.runFor(100);
  await say("left");
  await page.clock.runFor(7_000);
  await page.evaluate(() => window.says("alive", ""));
  await page.clock.runFor(7_000);
  await say("quiet for seven seconds");
  await page.clock.runFor(4_000);
  await say("quiet for eleven seconds");
  await region("four");
  await say("heard again");
  await page.evaluate(() => window.breaks(2));
  await say("refused");
} finally {
  await browser.close();
}
