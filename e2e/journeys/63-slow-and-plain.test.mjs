// On a slow line, and with scripts switched off: no page keeps anybody waiting, and none is a shop window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { person, ways } from "../support/browser.mjs";
import { opened } from "../support/office.mjs";
import { browser, city, stage } from "../support/stage.mjs";

/** 1.6 Mb/s and 150 ms, as the issue measures it. */
const LINE = { offline: false, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, latency: 150 };
const LCP = 1500;
/** Pages somebody lands on. */
const LANDINGS = ["/", "/items", "/items/legal-aid.civil", "/items/consultation.text", "/apply/legal-aid.civil", "/progress", "/offices", "/search?q=%E5%B7%A5%E8%B5%84", "/sign-in", "/desk/sign-in"];

stage();

/** One cold visit over the slow line: when the largest thing stood there, and what came over the line. */
async function visit(path, way) {
  const context = await browser.newContext({ baseURL: city.base, viewport: { width: way.width, height: way.height }, locale: "zh-CN" });
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  let bytes = 0;
  line.on("Network.loadingFinished", (one) => (bytes += one.encodedDataLength));
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  await line.send("Network.emulateNetworkConditions", LINE);
  await page.goto(path, { waitUntil: "load" });
  const painted = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
        setTimeout(() => resolve(Number.NaN), 3000);
      }),
  );
  await context.close();
  return { painted, bytes };
}

for (const way of ways.filter((way) => way.scripts)) {
  test(`pages people land on stand there within ${LCP} ms on a slow line, ${way.name}`, async () => {
    await visit("/", way); // the server and the browser are awake
    for (const path of LANDINGS) {
      const runs = [await visit(path, way)];
      // A machine that stumbles once is given the middle of three.
      while (runs.length < 3 && !(runs[0].painted <= LCP)) runs.push(await visit(path, way));
      const painted = runs.map((run) => run.painted).sort((one, other) => one - other)[Math.floor(runs.length / 2)];
      const bytes = Math.max(...runs.map((run) => run.bytes));
      console.log(`${way.name} ${path}: largest paint at ${Math.round(painted)} ms, ${(bytes / 1000).toFixed(1)} kB over the line`);
      assert.ok(painted <= LCP, `${path}: the largest paint comes at ${Math.round(painted)} ms (${runs.map((run) => Math.round(run.painted))})`);
      if (path === "/") assert.ok(bytes > 0 && bytes <= 150_000, `the first page weighs ${bytes} bytes over the line`);
    }
  });
}

/** Pages of one kind have one address, with what differs taken out. */
const kind = (path) =>
  path
    .replace(/\d{16}/g, "N")
    .replace(/\?.*$/, "")
    .replace(/(items|apply|intake|entrance|catalogue)\/[^/]+/, "$1/I")
    .replace(/\/desk\/accounts\/(?!new)[^/]+/, "/desk/accounts/A")
    .replace(/documents\/[^/]+/, "documents/D");

/** Looks at one page of each kind that can be reached from here by links, and at what stands on it. */
async function walk(page, from) {
  const waiting = [from];
  const met = new Set(waiting.map(kind));
  const faults = [];
  while (waiting.length) {
    const path = waiting.shift();
    const answer = await page.goto(path).catch((error) => {
      if (/Download is starting|ERR_ABORTED/.test(String(error))) return null; // a file, not a page
      throw error;
    });
    if (!answer) continue;
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    const found = await page.evaluate(() => {
      const shown = (one) => one.checkVisibility();
      const name = (one) => one.outerHTML.slice(0, 160);
      const links = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
      // The page that checks receipts by itself computes: it cannot do without, and says so.
      const says = document.querySelector("main noscript") !== null;
      return {
        heads: document.querySelectorAll("h1").length,
        words: document.querySelector("main")?.innerText.trim().length ?? 0,
        // What only a script could answer must not be offered.
        dead: says ? [] : [...document.querySelectorAll("button[type=button], a[href='#'], a[href^='javascript:']")].filter(shown).map(name),
        // Every form can be sent.
        stuck: [...document.forms].filter((form) => shown(form) && ![...form.elements].some((one) => one.type === "submit" && shown(one))).map(name),
        links,
      };
    });
    if (answer.status() >= 400) faults.push(`${path} answers ${answer.status()}`);
    if (found.heads !== 1) faults.push(`${path} has ${found.heads} headings`);
    if (found.words < 20) faults.push(`${path} says next to nothing`);
    for (const one of [...found.dead, ...found.stuck]) faults.push(`${path}: of no use without scripts: ${one}`);
    for (const link of found.links) {
      const to = new URL(link, page.url());
      if (to.origin !== new URL(city.base).origin || to.pathname.startsWith("/assets") || to.pathname.startsWith("/api")) continue;
      const next = to.pathname + to.search;
      // The public pages are walked once, by a member of the public.
      if (from === "/desk" && !to.pathname.startsWith("/desk")) continue;
      if (!met.has(kind(next))) {
        met.add(kind(next));
        waiting.push(next);
      }
    }
  }
  return { met, faults };
}

test("every page that links lead to is of use without scripts", async () => {
  const way = ways.find((way) => !way.scripts && way.width === 360);
  const matter = await opened(city, "mediation.people");
  const desk = ["clerk.dongchangfu.1", "supervisor.liaocheng.1", "head.dongchangfu.1", "admin.system", "admin.security", "admin.audit"];
  const faults = [];
  let pages = 0;
  const see = async (from, enter) => {
    const one = await person(browser, city.base, way);
    await enter?.(one.page);
    const walked = await walk(one.page, from);
    pages += walked.met.size;
    faults.push(...walked.faults);
    await one.close();
  };
  await see("/");
  await see(`/matter/${matter.number}`, async (page) => {
    await page.goto("/progress");
    await page.locator("#number").fill(matter.number);
    await page.locator("#code").fill(matter.code);
    await Promise.all([page.waitForNavigation(), page.locator("#code").press("Enter")]);
  });
  for (const login of desk) {
    const { password } = city.accounts.find((account) => account.login === login);
    await see("/desk", async (page) => {
      await page.goto("/desk/sign-in");
      await page.locator('[name="login"]').fill(login);
      await page.locator('[name="password"]').fill(password);
      await Promise.all([page.waitForNavigation(), page.locator('[name="password"]').press("Enter")]);
    });
  }
  console.log(`${pages} kinds of pages walked without scripts`);
  assert.ok(pages > 80, `${pages} kinds of pages were met`);
  assert.deepEqual([...new Set(faults)], []);
});
