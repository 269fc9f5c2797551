// Computing what a dismissal is worth: from the list to the form, a mistake that keeps what was typed, a result that
// shows its steps, in a real browser with and without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, look, person, ways } from "../support/browser.mjs";
import { startCity } from "../support/city.mjs";

let city;
let browser;
before(async () => {
  city = await startCity();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await city?.stop();
});

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
