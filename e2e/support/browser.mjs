// Debian's Chromium, driven by playwright-core; every page a journey opens is looked at by axe and kept as a
// picture.
import axe from "axe-core";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./city.mjs";

/** The four ways a page is looked at. */
export const ways = [
  { name: "phone", width: 360, height: 740, scripts: true },
  { name: "desktop", width: 1280, height: 900, scripts: true },
  { name: "phone-no-scripts", width: 360, height: 740, scripts: false },
  { name: "desktop-no-scripts", width: 1280, height: 900, scripts: false },
];

/** Phone and desktop, as most people come. */
export const screens = ways.filter((way) => way.scripts);

/** How else a page is shown on a screen of this kind, beside Chinese as it is; elder mode takes the languages in turn. */
const displays = { phone: ["zh-CN.elder", "en.elder"], desktop: ["en"] };

/** Every page in every display, which takes three times as long: `cargo xtask test --full` does so. */
const every = process.env.HUIFA_EVERY_DISPLAY ? ["zh-CN.elder", "en", "en.elder"] : null;

export function launch() {
  return chromium.launch({
    executablePath: process.env.HUIFA_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A person's own browser: cookies apart from everybody else's. Errors of scripts fail the journey. */
export async function person(browser, base, way) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: way.width, height: way.height },
    javaScriptEnabled: way.scripts,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    bypassCSP: true, // axe is put into the page; the policy itself is tested over HTTP
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults = [];
  page.on("response", (answer) => {
    if (answer.request().isNavigationRequest() && answer.frame() === page.mainFrame()) posted.set(page, answer.request().method() === "POST");
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // Chromium reports every refused form (422) as a resource that failed; 5xx are caught below.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  page.on("response", (answer) => {
    if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.url()}`);
  });
  // axe needs scripts: a page without them is shown to it in a twin that has them but loads none of ours.
  const twin = way.scripts ? null : await browser.newContext({ baseURL: base, viewport: { width: way.width, height: way.height }, bypassCSP: true });
  twins.set(page, twin);
  return {
    page,
    faults,
    async close() {
      await twin?.close();
      await context.close();
      assert.deepEqual(faults, [], "errors in the browser");
    },
  };
}

const seen = new Map();
/** Kinds of pages that were looked at in the other ways too. */
const besides = new Set();
const twins = new WeakMap();
/** Whether the page that is open answered a form, so that asking for its address again would show another. */
const posted = new WeakMap();

/** What axe finds on a page; one without scripts is read again, word for word, where axe can run. */
async function violations(page) {
  const twin = twins.get(page);
  let subject = page;
  if (twin) {
    const words = (await page.content()).replace(/<script\b[^>]*>[\s\S]*?<\/script>/gi, "");
    subject = await twin.newPage();
    await subject.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: words }));
    await subject.goto(page.url());
  }
  await subject.evaluate(axe.source);
  const found = await subject.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    }),
  );
  if (twin) await subject.close();
  return found.violations;
}

/** Looks at the page that is open: words, width, accessibility where it is not seen to elsewhere, a picture. */
export async function look(page, way, name, { accessible = true } = {}) {
  assert.ok((await page.title()).trim().length > 0, `${name}: no title`);
  assert.equal(await page.locator("h1").count(), 1, `${name}: one h1`);
  const wide = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    return [...document.body.querySelectorAll("*")]
      .filter((one) => one.getBoundingClientRect().right > edge)
      .map((one) => `${one.tagName.toLowerCase()}.${one.className} to ${Math.round(one.getBoundingClientRect().right)} of ${edge}`);
  });
  assert.deepEqual(wide, [], `${name} (${way.name}): wider than the screen`);
  const serious = (accessible ? await violations(page) : [])
    .filter((fault) => ["serious", "critical"].includes(fault.impact))
    .map((fault) => `${fault.id}: ${fault.help} — ${fault.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
  assert.deepEqual(serious, [], `${name} (${way.name}): accessibility`);
  const folder = join(root, "var", "screenshots", way.name);
  mkdirSync(folder, { recursive: true });
  const times = (seen.get(`${way.name}/${name}`) ?? 0) + 1;
  seen.set(`${way.name}/${name}`, times);
  await page.screenshot({ path: join(folder, `${name}${times > 1 ? `-${times}` : ""}.png`), fullPage: true });
}

/**
 * Looks at the page that is open, and the first time a page of its kind is met on this kind of screen also in elder mode
 * and in the other language: in a tab beside, with the same session, so that the journey goes on where it was.
 */
export async function survey(page, way, name, kind = name) {
  if (seen.has(`${way.name}/${name}`)) return;
  const first = way.scripts && !besides.has(`${way.name}/${kind}`);
  // On a wide screen axe reads the page beside, in English: the phone has read it as it is.
  await look(page, way, name, { accessible: every !== null || way.width < 1000 });
  if (!first) return;
  besides.add(`${way.name}/${kind}`);
  if (posted.get(page)) {
    // What answers a form cannot be asked for again; elder mode is a class of the root, so it is put on for a look.
    const top = page.locator(":root");
    const classes = await top.getAttribute("class");
    await top.evaluate((one) => one.classList.add("hf-elder"));
    await look(page, { ...way, name: `${way.name}-elder` }, name);
    await top.evaluate((one, classes) => (one.className = classes), classes);
    return;
  }
  const context = page.context();
  // Without its fragment: an address that differs in that alone is not asked for again.
  const url = page.url().replace(/#.*/, "");
  const cookies = await context.cookies();
  const kept = cookies.find((cookie) => cookie.name.endsWith("huifa_display"));
  const host = cookies.some((cookie) => cookie.name.startsWith("__Host-")) ? { name: "__Host-huifa_display", secure: true } : { name: "huifa_display" };
  const turn = [displays[way.name][besides.size % displays[way.name].length]];
  for (const display of every ?? turn) {
    const beside = await context.newPage();
    await context.addCookies([{ ...host, value: display, url: new URL("/", url).href.replace(/^http:/, host.secure ? "https:" : "http:") }]);
    await beside.goto("about:blank");
    const answer = await beside.goto(url);
    assert.ok(answer.status() < 500 && answer.status() !== 405, `${name}: ${url} answers ${answer.status()}`);
    assert.equal(await beside.locator(":root.hf-elder").count(), display.includes("elder") ? 1 : 0, `${name}: shown as ${display}`);
    assert.equal(await beside.locator(":root").getAttribute("lang"), display.split(".")[0], `${name}: shown as ${display}`);
    await look(beside, { ...way, name: `${way.name}-${display}` }, name);
    await beside.close();
  }
  await context.clearCookies({ name: /huifa_display$/ });
  if (kept) await context.addCookies([kept]);
}
