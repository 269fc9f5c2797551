// One application for legal aid through five people's screens, from the first page to a rated close.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { fill, send } from "../support/forms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

const ITEM = "legal-aid.civil";
/** What the offices do, in order, and who does it. */
const ROAD = [
  ["aid officer", "accept-for-review"],
  ["aid officer", "propose-grant"],
  ["approver", "grant"],
  ["aid officer", "assign-firm"],
  ["firm admin", "name-lawyer"],
  ["lawyer", "accept"],
  ["lawyer", "report-closing"],
  ["lawyer", "submit-file"],
  ["aid officer", "close"],
];

let example;
stage({
  scene: async () => {
    const item = await city.api("GET", `/items/${ITEM}`);
    example = item.examples[0].body;
  },
});

for (const way of ways) {
  test(`legal aid from application to rated close, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { number, code } = await apply(resident.page, way);
    const guest = (await city.api("POST", "/sessions", { body: { number, query_code: code } })).token;
    await follow(resident.page, way, number, code);

    const people = new Map();
    for (const [role, action] of ROAD) await act(people, way, role, action, number, guest);
    await confirm(resident.page, way, number, code, guest);
    assert.ok(people.size >= 4, `four people of the offices took part: ${[...people.keys()]}`);

    await rate(resident.page, way, number, guest);
    const matter = await city.api("GET", `/matters/${number}`, { token: guest });
    assert.ok(matter.final && matter.rated, `${matter.step}, rated ${matter.rated}`);
    for (const one of [resident, ...people.values()]) await one.close();
  });
}

/** The resident finds the service, answers one question a page, checks, sends, and has a number and a code. */
async function apply(page, way) {
  await page.goto("/");
  await page.goto(`/items/${ITEM}`);
  await look(page, way, "guide");
  await follow_link(page, `/apply/${ITEM}`);
  await look(page, way, "apply-start");
  await send(page);

  const answers = { ...example.form, county: example.area, town: example.area, consent: true, how: ["leave", "left", "later", "defer", "declare"] };
  for (const [key, value] of Object.entries(example.applicant)) answers[`applicant.${key}`] = value;
  let pages = 0;
  while (!new URL(page.url()).pathname.endsWith("/check")) {
    const before = page.url();
    assert.ok((pages += 1) < 60, `still asking at ${before}`);
    await look(page, way, `apply-${before.split("/").slice(-1)[0].split("?")[0]}`);
    if (new URL(before).pathname.endsWith("/papers")) {
      const onwards = page.locator("main a.govuk-button").first();
      await Promise.all([page.waitForNavigation(), onwards.click()]);
      continue;
    }
    await fill(page, answers);
    await send(page);
    const errors = await page.locator(".govuk-error-summary").allInnerTexts();
    assert.deepEqual(errors, [], `an answer of the example is refused at ${before}`);
  }
  await look(page, way, "apply-check");

  // Sending without consent is told, and nothing is lost.
  const box = page.locator('main form[method=post] [name="consent"]');
  if (await box.count()) {
    await send(page);
    assert.equal(await page.locator(".govuk-error-summary").count(), 1, "consent is asked for");
    await look(page, way, "apply-check-error");
  }
  await fill(page, answers);
  await send(page);
  assert.match(new URL(page.url()).pathname, /^\/receipt\/\d{16}$/, "the receipt");
  await look(page, way, "receipt");
  const number = page.url().match(/\d{16}/)[0];
  const code = (await page.locator(".hf-receipt__code").innerText()).replaceAll(/\s/g, "");
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{8}$/);

  // Coming back to the sent draft sends nothing twice: it leads to the receipt.
  await page.goto(`/apply/${ITEM}/check`);
  assert.match(page.url(), new RegExp(`/receipt/${number}`), "a sent draft leads to its receipt");
  return { number, code };
}

/** Number and code, typed as people type them, show where the matter stands. */
async function follow(page, way, number, code) {
  await page.context().clearCookies();
  await page.goto("/progress");
  await look(page, way, "progress");
  const spoken = `${number.slice(0, 4)} ${number.slice(4, 8)}-${number.slice(8, 12)} ${number.slice(12)}`;
  await fill(page, { number: spoken, code: code.toLowerCase() });
  await send(page);
  assert.match(new URL(page.url()).pathname, new RegExp(`/matter/${number}`));
  await look(page, way, "matter");
}

/** Somebody of an office finds the matter in their own work and does what is due. */
async function act(people, way, role, action, number, guest) {
  const matter = await city.api("GET", `/matters/${number}`, { token: guest });
  const { account, offer } = await whoIsOffered(matter, action);
  let one = people.get(account.login);
  if (!one) {
    one = await person(browser, city.base, way);
    people.set(account.login, one);
    await one.page.goto("/desk/sign-in");
    await look(one.page, way, "desk-sign-in");
    await fill(one.page, { login: account.login, password: account.password });
    await send(one.page);
  }
  const { page } = one;
  await page.goto("/desk");
  await look(page, way, `desk-work-${role.replace(" ", "-")}`);
  const link = page.locator(`main a[href*="${number}"]`).first();
  assert.ok(await link.count(), `${number} stands in the work of the ${role} ${account.login}`);
  await Promise.all([page.waitForNavigation(), link.click()]);
  await look(page, way, `desk-matter-${action}`);
  await follow_link(page, `/desk/matters/${number}/${action}`);
  await look(page, way, `desk-act-${action}`);
  await fill(page, offer.example);
  await send(page);
  const errors = await page.locator(".govuk-error-summary").allInnerTexts();
  assert.deepEqual(errors, [], `${action} by the ${role}`);
  const after = await city.api("GET", `/matters/${number}`, { token: guest });
  assert.equal(after.version, matter.version + 1, `${action} is done`);
  assert.equal(after.step, offer.to);
}

/** The resident reads the decision and says that it came. */
async function confirm(page, way, number, code, guest) {
  await page.goto("/progress");
  await fill(page, { number, code });
  await send(page);
  await look(page, way, "matter-documents");
  await follow_link(page, `/matter/${number}/documents/`);
  await look(page, way, "document");
  await follow_link(page, `/matter/${number}/acknowledge`);
  await look(page, way, "acknowledge");
  await send(page);
  const { items } = await city.api("GET", `/matters/${number}/documents`, { token: guest });
  const received = items.flatMap((one) => one.copies).filter((copy) => copy.to === "applicant" && copy.served_on);
  assert.equal(received.length, 1, "the copy that was picked is received");
}

async function rate(page, way, number, guest) {
  await page.goto(`/matter/${number}`);
  await look(page, way, "matter-closed");
  const offers = await city.api("GET", `/matters/${number}/actions`, { token: guest });
  const offer = offers.find((one) => one.action === "rate");
  await follow_link(page, `/matter/${number}/rate`);
  await look(page, way, "rate");
  await fill(page, offer.example);
  await send(page);
  await look(page, way, "rated");
}

/** An account that is offered this action now, and the offer. */
async function whoIsOffered(matter, action) {
  const tried = [];
  for (const waiting of matter.waiting_for.filter((one) => one.actions.includes(action))) {
    for (const account of city.whoMay(waiting)) {
      const { token } = await city.api("POST", "/sessions", {
        body: { login: account.login, password: account.password },
      });
      const offers = await city.api("GET", `/matters/${matter.number}/actions`, { token });
      const offer = offers.find((one) => one.action === action);
      if (offer) return { account, offer };
      tried.push(account.login);
    }
  }
  throw new Error(`nobody is offered ${action} at ${matter.step}: ${JSON.stringify(matter.waiting_for)}, tried ${tried}`);
}

/** Follows the first link of the page whose address begins with this path. */
async function follow_link(page, path) {
  const link = page.locator(`main a[href^="${path}"]`).first();
  assert.ok(await link.count(), `no link to ${path} on ${page.url()}`);
  await Promise.all([page.waitForNavigation(), link.click()]);
}
