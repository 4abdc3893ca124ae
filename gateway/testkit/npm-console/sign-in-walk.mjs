// Signs in to the console with Debian's Chromium in each way there is, by a provider of others and by a virtual authenticator: prints a line of JSON per step.
// node sign-in-walk.mjs SETTINGS.json
import { createRequire } from "node:module";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
mkdirSync(settings.shots, { recursive: true });
const say = (step, what) => console.log(JSON.stringify({ step, ...what }));

const browser = await chromium.launch({ executablePath: settings.browser, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

/** RFC 6238: each opens once, so they are taken one half-minute after the other, from the oldest that is taken when it is wanted. */
let half = 0;
function code(base32) {
  const bits = [...base32].map((each) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(each).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((each) => parseInt(each, 2)));
  const step = Buffer.alloc(8);
  half = Math.max(half + 1, Math.floor(Date.now() / 30_000) - 1);
  step.writeBigUInt64BE(BigInt(half));
  const hash = createHmac("sha1", key).update(step).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function opened() {
  const context = await browser.newContext({ locale: "en" });
  // The provider's own pages ask for fonts elsewhere.
  await context.route((url) => !["127.0.0.1", "localhost"].includes(url.hostname), (route) => route.abort());
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && page.url().startsWith(settings.base)) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  return { context, page, errors };
}

/** The page as it is, in both languages and at two widths. */
async function judged(page, name, path) {
  for (const language of ["de", "en"]) {
    await page.goto(`${settings.base}${path}?language=${language}`);
    await page.evaluate(axe);
    for (const width of [375, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await page.screenshot({ path: `${settings.shots}/${name}-${language}-${width}.png`, fullPage: true });
      say("judged", { name, language, width, wide, violations: found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join("; ")}`) });
    }
  }
}

async function toProvider(page, person) {
  await page.goto(`${settings.base}/sign-in`);
  await page.click("a.button");
  await page.fill("input[name=login]", person);
  await page.fill("input[name=password]", "any");
  await page.click("button[type=submit]");
  // Consent to the client, and back.
  let callback = "";
  page.on("request", (request) => { if (request.url().includes("/sign-in/callback")) callback = request.url(); });
  await page.click("button[type=submit]");
  return () => callback;
}

async function byProvider() {
  const { context, page, errors } = await opened();
  await judged(page, "sign-in", "/sign-in");
  const callback = await toProvider(page, "anna");
  await page.waitForURL(settings.base + "/");
  const session = (await context.cookies(settings.base)).find((each) => each.name === "session");
  say("in", { who: await page.locator(".who a[href='/account']").innerText(), session: `${session.sameSite} ${session.httpOnly}`, id: session.value });
  await page.goto(settings.base + "/account");
  say("own", { text: await page.locator("main").innerText() });
  const again = await page.goto(callback());
  say("replayed", { status: again.status(), text: await page.locator("[role=alert]").innerText() });
  errors.length = 0; // that the browser tells of the 400
  await page.goto(settings.base + "/");
  await page.click(".who button");
  await page.click("button[value=yes]");
  await page.waitForURL(settings.base + "/sign-in");
  const cookies = await context.cookies(settings.base);
  say("out", { left: cookies.filter((each) => each.name === "session").length, errors });
  // And with the provider as well: it asks who it is.
  await toProvider(page, "nobody-special");
  await page.waitForURL(/callback/);
  say("refused", { text: await page.locator("[role=alert]").innerText() });
  await context.close();
}

async function confirmed(page) {
  await page.goto(settings.base + "/account");
  await page.fill("#password", settings.account.password);
  await page.fill("#code", code(settings.account.totp));
  await Promise.all([page.waitForNavigation(), page.click("form[action='/account/confirm'] button")]);
}

async function out(page) {
  await page.click(".who form button");
  await page.waitForURL(settings.base + "/sign-in");
}

const PASSKEY = "form[action='/sign-in/passkey'] button";

async function byPasskey() {
  const { context, page, errors } = await opened();
  const devices = await context.newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(settings.base + "/sign-in");
  await page.fill("#name", settings.account.name);
  await page.fill("#password", settings.account.password);
  await page.fill("#code", code(settings.account.totp));
  await Promise.all([page.waitForURL(settings.base + "/"), page.click("form[action='/sign-in'] button")]);
  await judged(page, "account", "/account");
  await confirmed(page);
  await page.fill("#name", "Telephone");
  await Promise.all([page.waitForNavigation(), page.click("form[data-passkey=make] button")]);
  say("made", { names: await page.locator(".parts h3").allInnerTexts() });
  await judged(page, "account-passkey", "/account");
  await out(page);
  await Promise.all([page.waitForURL(settings.base + "/"), page.click(PASSKEY)]);
  const { credentials } = await devices.send("WebAuthn.getCredentials", { authenticatorId });
  say("by-passkey", { who: await page.locator(".who a[href='/account']").innerText(), keys: credentials.length, site: credentials[0].rpId, count: credentials[0].signCount, errors });
  await out(page);
  // Somebody else holds the telephone.
  await devices.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.click(PASSKEY);
  await page.locator("form[data-passkey] [role=status]", { hasText: /./ }).waitFor();
  say("not-verified", { text: await page.locator("form[data-passkey] [role=status]").innerText(), at: page.url() });
  await devices.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await Promise.all([page.waitForURL(settings.base + "/"), page.click(PASSKEY)]);
  await confirmed(page);
  await Promise.all([page.waitForNavigation(), page.click("form[action='/account/passkeys/remove'] button")]);
  await out(page);
  await Promise.all([page.waitForNavigation(), page.click(PASSKEY)]);
  say("removed", { text: await page.locator("[role=alert]").innerText() });
  await context.close();
}

try {
  await byProvider();
  await byPasskey();
} finally {
  await browser.close();
}
