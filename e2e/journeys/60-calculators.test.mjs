// Computing what a dismissal is worth: from the list to the form, a mistake that keeps what was typed, a result that
// shows its steps; the same asked one question at a time, in a real browser with and without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { browser, city, stage } from "../support/stage.mjs";

stage();

for (const way of ways) {
  test(`severance is computed with its steps, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/calculators");
    await look(page, way, "calculators");
    await page.locator('a[href="/calculators/labour.severance"]').click();
    await page.waitForURL(/labour\.severance/);
    await look(page, way, "calculator");
    const typed = {
      "start-year": "2020", "start-month": "3", "start-day": "15",
      "last_day-year": "2026", "last_day-month": "8", "last_day-day": "20",
      avg_monthly_wage_12m: "8000", local_avg_monthly_wage: "9000",
    };
    for (const [name, value] of Object.entries(typed)) await page.locator(`[name="${name}"]`).fill(value);
    const button = page.locator("main form button[type=submit]").first();
    await button.click();
    await page.locator(".govuk-error-summary").waitFor();
    await look(page, way, "calculator-mistake");
    assert.equal(await page.locator('[name="avg_monthly_wage_12m"]').inputValue(), "8000", "what was typed is kept");
    await page.locator('[name="min_wage"]').fill("2200");
    await page.locator("main form button[type=submit]").first().click();
    await page.locator("#result").waitFor();
    assert.match(await page.locator("main").innerText(), /52000\.00/);
    await look(page, way, "calculator-result");
    await page.goto("/calculators/personal_injury.dependants");
    await look(page, way, "calculator-rows");
    await page.goto("/calculators/parameters");
    await look(page, way, "calculator-parameters");
    await resident.close();
  });
}

for (const way of ways) {
  test(`severance is asked one question at a time, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/calculators/labour.severance");
    await page.locator('main a[href$="?go=start"]').click();
    const goOn = () => page.locator('button[name="go"][value="next"]').click();
    const question = (name) => page.locator(`main form >> [name="${name}"]:not([type=hidden])`).first().waitFor();
    await question("start-year");
    await look(page, way, "calculator-question");
    assert.equal(await page.locator("main form fieldset h1").count(), 1, "the question is the heading");
    await goOn();
    await page.locator(".govuk-error-summary").waitFor();
    const field = (name) => page.locator(`[name="${name}"]:not([type=hidden])`);
    for (const [part, value] of [["year", "2020"], ["month", "3"], ["day", "15"]]) await field(`start-${part}`).fill(value);
    await goOn();
    await question("last_day-year");
    for (const [part, value] of [["year", "2026"], ["month", "8"], ["day", "20"]]) await field(`last_day-${part}`).fill(value);
    await page.locator('button[name="go"][value="back"]').click();
    await question("start-year");
    assert.equal(await field("start-year").inputValue(), "2020", "what was answered is there on the way back");
    await goOn();
    await question("last_day-year");
    assert.equal(await field("last_day-year").inputValue(), "2026");
    const answers = { avg_monthly_wage_12m: "8000", local_avg_monthly_wage: "9000", min_wage: "2200" };
    for (let asked = 0; !(await page.locator("#result").count()); asked += 1) {
      assert.ok(asked < 20, `still asking at ${await page.locator("h1").innerText()}`);
      for (const [name, value] of Object.entries(answers)) {
        if (await field(name).count()) await field(name).fill(value);
      }
      await goOn();
      await page.waitForLoadState();
    }
    assert.match(await page.locator("main").innerText(), /52000\.00/);
    await look(page, way, "calculator-asked");
    await resident.close();
  });
}
