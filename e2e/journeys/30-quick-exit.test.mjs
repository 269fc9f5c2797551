// 快速离开: somebody comes into the room. One press and the page is gone, also from "back"; what was typed is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { fill, send } from "../support/forms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

const ITEM = "consultation.text";
const NEUTRAL = "/offices";

let example;
// The neutral page of the test lies in the city itself: journeys reach no network.
stage({
  settings: `[quick_exit]\naddress = "${NEUTRAL}"\n`,
  scene: async () => {
    example = (await city.api("GET", `/items/${ITEM}`)).examples[0].body;
  },
});

/** Goes to the second page of an application, with something answered on the first. */
async function begin(page) {
  await page.goto(`/apply/${ITEM}`);
  await send(page);
  await fill(page, { ...example.form, county: example.area, town: example.area });
  await send(page);
  return page.url();
}

for (const way of ways) {
  test(`a sensitive page is left with one press, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    const at = await begin(page);
    await look(page, way, "quick-exit");
    assert.equal(await page.title(), "便民服务", "the history tells nothing");
    const button = page.locator(".govuk-exit-this-page__button");
    assert.ok(await button.isVisible(), "the button is in sight");
    const box = await button.boundingBox();
    assert.ok(box.y < way.height, "without scrolling");

    const pressed = Date.now();
    await Promise.all([page.waitForURL(`**${NEUTRAL}`, { waitUntil: "commit" }), button.click({ noWaitAfter: true })]);
    const took = Date.now() - pressed;
    console.log(`quick exit, ${way.name}: ${took} ms`);
    if (way.scripts) {
      // Committed is not arrived: until then the browser has no history to go back in.
      await page.waitForLoadState("load");
      await page.goBack();
      assert.notEqual(page.url(), at, "back does not lead to the page that was left");
    }
    // What was answered before is still there.
    await page.goto(`/apply/${ITEM}`);
    await page.goto(at);
    assert.equal(page.url(), at, "the draft is kept");
    await resident.close();
  });
}

test("Shift three times leaves the page, and it is covered within 200 ms", async () => {
  const way = ways.find((one) => one.name === "desktop");
  const resident = await person(browser, city.base, way);
  const { page } = resident;
  await begin(page);
  // The neutral page is held back, so that what is measured is the cover over this one.
  await page.route(`**${NEUTRAL}`, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  let covered = null;
  // Told as it happens: once the page goes away there is nobody left to ask.
  await page.exposeFunction("tellCovered", (after) => (covered ??= after));
  await page.evaluate(() => {
    let pressed = 0;
    document.addEventListener("keyup", () => (pressed = performance.now()), true);
    new MutationObserver(() => {
      if (document.querySelector(".govuk-exit-this-page-overlay")) window.tellCovered(performance.now() - pressed);
    }).observe(document.body, { childList: true });
  });
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
  await page.waitForURL(`**${NEUTRAL}`, { waitUntil: "commit" });
  assert.ok(covered !== null && covered <= 200, `covered after ${covered} ms`);
  console.log(`quick exit, Shift x3: covered after ${covered} ms`);
  await resident.close();
});

test("other journeys have no such button, and get it once violence at home is told", async () => {
  const way = ways.find((one) => one.name === "phone-no-scripts");
  const resident = await person(browser, city.base, way);
  const { page } = resident;
  await page.goto("/items/mediation.people");
  assert.equal(await page.locator(".govuk-exit-this-page").count(), 0);
  await page.goto(`/items/${ITEM}`);
  assert.equal(await page.locator(".govuk-exit-this-page").count(), 1);
  await resident.close();
});
