// A resident at the pages of the portal: everything is found, answered and sent by the keyboard.
import assert from "node:assert/strict";
import { person, survey } from "./browser.mjs";
import { keyboard } from "./keyboard.mjs";
import { linkTo, told } from "./office.mjs";

/** Answers to every page of an application, as the worked example gives them. */
export function answersOf(body) {
  const answers = { ...body.form, county: body.area.replace(/\d{6}$/, "000000"), town: body.area, consent: true, how: ["leave", "left", "later", "defer", "declare"] };
  for (const [key, value] of Object.entries(body.applicant)) answers[`applicant.${key}`] = value;
  for (const [index, party] of (body.parties ?? []).entries()) {
    for (const [key, value] of Object.entries(party)) answers[`parties.${index}.${key}`] = value;
  }
  return answers;
}

/** An identity number with its check digit (GB 11643). */
export function idOf(area, day, nth) {
  const digits = `${area}${day}${nth}`;
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (2 ** (17 - place) % 11), 0);
  return `${digits}${"10X98765432"[sum % 11]}`;
}

/** Somebody at a browser of their own. */
export async function resident(browser, city, way) {
  const one = await person(browser, city.base, way);
  const { page } = one;
  const keys = keyboard(page);
  const looks = (name) => survey(page, way, name);
  const path = () => new URL(page.url()).pathname;

  return {
    ...one,
    keys,
    looks,
    path,
    /** From the first page to the item, by the search box. */
    async find(words, item) {
      await page.goto("/");
      await looks("home");
      await keys.start();
      await keys.type(page.locator('main input[name="q"]'), words);
      await keys.enter();
      await looks("search");
      await keys.follow(page.locator(`main a[href="/items/${item}"]`).first());
      await looks(`guide-${item}`);
      await keys.follow(page.locator(`main a[href="/apply/${item}"]`).first());
      await looks("apply-start");
      await keys.send({}, { action: `/apply/${item}` });
    },
    /** Answers page after page until this one, or until the check; gives the pages that asked. */
    async answer(answers, { until = "/check" } = {}) {
      const pages = [];
      while (!path().endsWith(until)) {
        const here = path();
        pages.push(here.split("/").at(-1));
        assert.ok(pages.length < 60, `still asking at ${here}`);
        await looks(`apply-${here.split("/").at(-1)}`);
        if (/^\/apply\/[^/]+\/papers$/.test(here)) await keys.follow(page.locator("main a.govuk-button").first());
        else await keys.send(answers);
        assert.deepEqual(await told(page), [], `an answer of the example is refused at ${here}`);
      }
      return pages;
    },
    /** Sends from the check, and reads number and code off the receipt. */
    async send(answers) {
      await looks("apply-check");
      await keys.send(answers);
      return this.receipt();
    },
    async receipt() {
      assert.match(path(), /^\/receipt\/\d{16}$/, `a receipt, not ${await told(page)}`);
      await looks("receipt");
      const number = path().match(/\d{16}/)[0];
      const code = (await page.locator(".hf-receipt__code").innerText()).replaceAll(/\s/g, "");
      const { token } = await city.api("POST", "/sessions", { body: { number, query_code: code } });
      return { number, code, token };
    },
    /** Number and code show where the matter stands. */
    async progress({ number, code }, typed = {}) {
      await page.goto("/progress");
      await looks("progress");
      await keys.send({ number, code, ...typed });
      assert.equal(path(), `/matter/${number}`, `${await told(page)}`);
    },
    /** Does this act on the page of the matter; what is not told is as its worked example has it. */
    async act({ number, token }, action, answers = {}) {
      const offers = await city.api("GET", `/matters/${number}/actions`, { token });
      const offer = offers.find((one) => one.action === action);
      if (path() !== `/matter/${number}`) await page.goto(`/matter/${number}`);
      await keys.follow(linkTo(page, `/matter/${number}/${action}`));
      await looks(`act-${action}`);
      await keys.send({ ...offer?.example, ...answers });
      assert.deepEqual(await told(page), [], action);
    },
    /** Signs in with the code sent to this phone, which the demo city shows to its administrator. */
    async signIn(phone, code) {
      await page.goto("/sign-in");
      await looks("sign-in");
      await keys.send({ phone });
      await looks("sign-in-code");
      await keys.send({ sms: await code(phone) });
      assert.equal(path(), "/my", `${await told(page)}`);
      await looks("my");
    },
  };
}
