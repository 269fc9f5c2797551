// Where somebody lives, asked by name: with suggestions while one types, and without scripts with a list in the answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { fill, send } from "../support/forms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

const ITEM = "consultation.text";
stage();

/** Opens the page that asks where one lives. */
async function atPlace(page) {
  await page.goto(`/apply/${ITEM}`);
  await send(page);
  await page.goto(`/apply/${ITEM}/area`);
}

for (const way of ways) {
  test(`a resident names the place on ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await atPlace(page);
    await look(page, way, "place");
    const line = page.locator('input[name="place"]');
    if (way.scripts) {
      assert.equal(await line.getAttribute("role"), "combobox");
      await line.pressSequentially("gulou", { delay: 20 });
      const list = page.getByRole("listbox");
      await list.waitFor();
      const options = list.getByRole("option");
      assert.ok((await options.count()) > 0);
      await look(page, way, "place-suggestions");
      for (const option of await options.all()) {
        const box = await option.boundingBox();
        assert.ok(box.height >= 44, `${box.height} px to press on`);
      }
      // With the keyboard alone.
      await line.press("ArrowDown");
      const active = await line.getAttribute("aria-activedescendant");
      const first = await page.locator(`[id="${active}"]`).innerText();
      assert.match(first, /古楼街道/);
      await line.press("Escape");
      assert.equal(await list.isVisible(), false);
      await line.press("ArrowDown");
      await list.waitFor();
      await line.press("ArrowDown");
      await line.press("Enter");
      assert.match(await line.inputValue(), /古楼街道$/);
      assert.equal(await line.getAttribute("aria-expanded"), "false");
      // With a finger: typed anew, another place is chosen.
      await line.fill("");
      await line.pressSequentially("茌平", { delay: 20 });
      await list.waitFor();
      await page.getByRole("option", { name: "山东省聊城市茌平区", exact: true }).click();
      assert.equal(await line.inputValue(), "山东省聊城市茌平区");
    } else {
      // What several places bear comes back as a list to choose from.
      await line.fill("张庄");
      await send(page);
      assert.equal(await page.locator(".govuk-error-summary").count(), 1);
      await look(page, way, "place-several");
      const choices = page.locator('input[name="place-code"]');
      assert.ok((await choices.count()) > 1);
      // Something else altogether, by its initials: the list before does not count any more.
      await line.fill("cpq");
    }
    await send(page);
    assert.equal(await page.locator(".govuk-error-summary").count(), 0);
    await page.goto(`/apply/${ITEM}/area`);
    const chosen = page.locator('input[name="county"]:checked');
    assert.equal(await chosen.getAttribute("value"), "371503000000", "茌平区 was saved");

    if (!way.scripts) {
      await line.fill("张庄");
      await send(page);
      await page.locator('input[name="place-code"]').first().check({ force: true });
      await send(page);
      assert.equal(await page.locator(".govuk-error-summary").count(), 0, "the choice is taken");
    }
    await resident.close();
  });

  test(`offices are asked for by the name of the place on ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/offices");
    await page.locator('input[name="area"]').fill("古楼街道");
    await Promise.all([page.waitForNavigation(), page.locator("form.hf-filter button").first().click()]);
    assert.equal(await page.locator('input[name="area"]').inputValue(), "山东省聊城市东昌府区古楼街道");
    const first = await page.locator(".hf-office h3").first().innerText();
    assert.match(first, /古楼街道/, "the nearest first");
    await look(page, way, "offices-of-a-place");
    await resident.close();
  });

  test(`a supervisor sees what became of divisions on ${way.name}`, async () => {
    const official = await person(browser, city.base, way);
    const { page } = official;
    const account = city.accounts.find((one) => one.login === "supervisor.liaocheng.1");
    await page.goto("/desk/sign-in");
    await fill(page, { login: account.login, password: account.password });
    await send(page);
    await page.goto("/desk/areas");
    assert.equal(await page.locator(".govuk-summary-list__row").count(), 3, "standing, linked, unknown");
    await look(page, way, "desk-areas");
    await official.close();
  });
}
