// People of the offices: who is offered an act, and the act done by them, at their screen or behind the scenes.
import assert from "node:assert/strict";
import { person, survey } from "./browser.mjs";
import { keyboard } from "./keyboard.mjs";

/** A matter opened from the item's worked example, as its applicant would open it. */
export async function opened(city, id, change = {}) {
  const { examples } = await city.api("GET", `/items/${id}`);
  const body = structuredClone(examples[0].body);
  Object.assign(body, change.body);
  Object.assign(body.applicant, change.applicant);
  Object.assign(body.form, change.form);
  const { number, query_code: code } = await city.api("POST", "/matters", { body });
  const { token } = await city.api("POST", "/sessions", { body: { number, query_code: code } });
  return { number, code, token, body };
}

/** The matter as its applicant sees it. */
export const seen = (city, matter) => city.api("GET", `/matters/${matter.number}`, { token: matter.token });

const tokens = new WeakMap();

/** A session of this account at the interface, opened once. */
async function session(city, account) {
  if (!tokens.has(account)) {
    const { token } = await city.api("POST", "/sessions", { body: { login: account.login, password: account.password } });
    tokens.set(account, token);
  }
  return tokens.get(account);
}

/** An account that is offered this act now, and the offer. */
export async function offered(city, matter, action, than = () => true) {
  const view = await seen(city, matter);
  const tried = [];
  const waiting = view.waiting_for.filter((one) => one.actions.includes(action));
  for (const one of waiting.length ? waiting : view.waiting_for) {
    // People of the place itself before those of a wider one, who may as well.
    const near = (account) => (account.roles.some((grant) => grant.role === one.role && grant.area === one.area) ? 0 : 1);
    for (const account of city.whoMay(one).filter(than).sort((some, other) => near(some) - near(other))) {
      const token = await session(city, account);
      const offers = await city.api("GET", `/matters/${matter.number}/actions`, { token });
      const offer = offers.find((offer) => offer.action === action);
      if (offer) return { account, offer, token, version: view.version };
      tried.push(account.login);
    }
  }
  throw new Error(`nobody is offered ${action} at ${view.step}: ${JSON.stringify(view.waiting_for)}, tried ${tried}`);
}

/** Does acts behind the scenes, to bring a matter to where a journey begins; each by somebody who may. */
export async function bring(city, matter, ...actions) {
  for (const wanted of actions) {
    const [action, change] = [wanted].flat();
    if (["applicant"].includes(change?.by)) {
      const offers = await city.api("GET", `/matters/${matter.number}/actions`, { token: matter.token });
      const offer = offers.find((one) => one.action === action);
      const { version } = await seen(city, matter);
      await act(city, matter, action, offer, { ...offer.example, ...change.input }, version, matter.token);
      continue;
    }
    const { offer, token, version } = await offered(city, matter, action);
    await act(city, matter, action, offer, { ...offer.example, ...change?.input }, version, token);
  }
}

function act(city, matter, action, offer, input, version, token) {
  return city.api("POST", `/matters/${matter.number}/actions/${action}`, {
    token,
    body: { version, input, ...(offer.task ? { task: offer.task } : {}) },
  });
}

/** People at their screens, each signed in once. */
export function office(browser, city, way) {
  const people = new Map();

  /** The screen of this account. */
  async function at(account) {
    if (people.has(account.login)) return people.get(account.login);
    const one = await person(browser, city.base, way);
    const keys = keyboard(one.page);
    await one.page.goto("/desk/sign-in");
    await survey(one.page, way, "desk-sign-in");
    await keys.send({ login: account.login, password: account.password });
    assert.match(new URL(one.page.url()).pathname, /^\/desk/, `${account.login} is signed in`);
    people.set(account.login, { ...one, keys, account });
    return people.get(account.login);
  }

  /** Opens the matter by its number, as people do who have it in their hand: "/", the number, Enter. */
  async function open(one, number) {
    const { page, keys } = one;
    await page.goto("/desk");
    if (way.scripts) await keys.press("/");
    else await keys.reach(page.locator("#q"));
    await page.keyboard.insertText(number);
    await keys.enter();
    assert.match(page.url(), new RegExp(`/desk/matters/${number}`), "the number opens its matter");
  }

  return {
    at,
    open,
    /** Looks at what is on somebody's screen. */
    looks: (one, name) => survey(one.page, way, name),
    /** Somebody who is offered this act does it, by the keyboard: the matter stands in their work, they open it and act. */
    async act(role, action, matter, answers = {}, than = () => true) {
      const { account, offer } = await offered(city, matter, action, than);
      const before = await seen(city, matter);
      const one = await at(account);
      const { page, keys } = one;
      await page.goto("/desk");
      await survey(page, way, `desk-work-${role.replaceAll(" ", "-")}`, "desk-work");
      await open(one, matter.number);
      await survey(page, way, `desk-matter-${role.replaceAll(" ", "-")}`, "desk-matter");
      await keys.follow(linkTo(page, `/desk/matters/${matter.number}/${action}`));
      await survey(page, way, `desk-act-${action}`);
      await keys.send({ ...offer.example, ...answers });
      assert.deepEqual(await told(page), [], `${action} by the ${role} ${account.login}`);
      const after = await seen(city, matter);
      assert.equal(after.version, before.version + 1, `${action} is done`);
      return { one, account, after };
    },
    async close() {
      for (const one of people.values()) await one.close();
    },
  };
}

/** The first link of the page to this address, whatever is asked of it. */
export const linkTo = (page, path) => page.locator(`main a[href="${path}"], main a[href^="${path}?"]`).first();

/** What the page says is wrong. */
export const told = (page) => page.locator(".govuk-error-summary").allInnerTexts();


