// Walks through the console as each role, in both languages and at two widths, with Debian's Chromium: prints a line of JSON per page.
// node console-walk.mjs SETTINGS.json
import { createRequire } from "node:module";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [375, 1440];
mkdirSync(settings.shots, { recursive: true });

const browser = await chromium.launch({ executablePath: settings.browser, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const say = (what) => console.log(JSON.stringify(what));

/** RFC 6238, when it is wanted: a slow machine takes longer than a code lasts. */
function code(base32) {
  const bits = [...base32].map((each) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(each).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((each) => parseInt(each, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function look(page, errors, role, language, path, act) {
  errors.length = 0;
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
  const response = act ? await act() : await page.goto(`${settings.base}${path}?language=${language}`);
  await page.waitForLoadState("load");
  // By Playwright's own world: the page's policy forbids scripts that are not its own.
  await page.evaluate(axe);
  // What is folded is looked at as well: forms stand there.
  await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    // Seconds of processor each: German on a telephone and English on a desk, or by night each on both.
    const looked = settings.all || (language === "de") === (width === WIDTHS[0]);
    const found = looked ? await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS) : { violations: [] };
    const told = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      lang: document.documentElement.lang,
      heading: document.querySelector("h1")?.innerText ?? "",
    }));
    if (looked && settings.picture.includes(role)) {
      const name = (path.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "today") + `-${role}-${language}-${width}`;
      await page.screenshot({ path: `${settings.shots}/${name}.png`, fullPage: true });
    }
    say({
      role, language, width, path, ...told,
      status: response ? response.status() : 200,
      violations: found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")}`),
      errors: errors.filter((each) => !each.includes("status of 403")),
    });
  }
}

async function signedIn(account, language, scheme) {
  const context = await browser.newContext({ locale: language, colorScheme: scheme });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) errors.push(message.text()); });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith(settings.base)) errors.push("asked elsewhere: " + request.url()); });
  if (account.role === "admin") {
    for (const each of ["de", "en"]) {
      await look(page, errors, account.role, each, "/sign-in");
    }
  }
  await page.goto(settings.base + "/sign-in");
  await page.fill("#name", account.name);
  await page.fill("#password", account.password);
  await page.fill("#code", code(account.totp));
  await Promise.all([page.waitForURL(settings.base + "/"), page.click("form[action='/sign-in'] button")]);
  return { context, page, errors };
}

async function walk(account, scheme) {
  const began = Date.now();
  const { context, page, errors } = await signedIn(account, "de", scheme);
  for (const language of ["de", "en"]) {
    for (const path of account.paths) {
      await look(page, errors, account.role, language, path);
    }
  }
  if (account.role === "admin" && settings.search) {
    await page.goto(settings.base + "/consents?language=de");
    await page.fill("#number", settings.search);
    await look(page, errors, account.role, "de", "/consents/found", async () => {
      await Promise.all([page.waitForNavigation(), page.click("#by-number button")]);
      return null;
    });
  }
  if (account.role === "admin" && settings.call) {
    await look(page, errors, account.role, "en", settings.call);
  }
  if (account.role === "admin" && settings.variant) {
    await page.goto(`${settings.base}${settings.variant}?language=de`);
    await page.fill("#name", "shorter2");
    await page.fill("#line", "one");
    await page.fill("#variant-letter", "c");
    await page.fill("#approved", "Ada Meier");
    const opening = page.locator("#t-opening");
    await opening.fill((await opening.inputValue()).replace("this is an AI", "here is an AI"));
    await look(page, errors, account.role, "de", "/texts/checked", async () => {
      await Promise.all([page.waitForNavigation(), page.click("main form#variant button:not([name])")]);
      return null;
    });
  }
  // What is live says so, and stops when told to.
  await page.goto(settings.base + "/?language=en");
  const toggle = page.locator("[data-live-switch]");
  await toggle.waitFor();
  await toggle.click();
  say({ role: account.role, took: Date.now() - began, live: await page.locator("[data-live-state]").innerText() });
  await context.close();
}

try {
  // Two at once: most of it waits.
  const accounts = [...settings.accounts];
  await Promise.all([0, 1].map(async (worker) => {
    for (let account = accounts.shift(); account; account = accounts.shift()) {
      await walk(account, account.role === "dpo" || account.role === "service" ? "dark" : "light");
    }
  }));
} finally {
  await browser.close();
}
