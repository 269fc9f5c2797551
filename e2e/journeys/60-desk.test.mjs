// The desk as those who sit at it use it: a call from the first word to the call back, a list that is filtered, taken
// out and shared among people, and the items as officials read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { fill, send } from "../support/forms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

stage();

// Each caller has a question of their own: a second one of the same kind would be taken for the same matter.
const CALLS = [
  "单位三个月没有发工资，我该找谁要？",
  "邻居装修把我家的墙打裂了，怎么让他赔？",
  "骑车被汽车撞了，对方保险公司一直拖着不理赔。",
  "父亲去世没有留遗嘱，家里的房子怎么分？",
];

const has = (role, organisation) => (account) =>
  account.roles.some((grant) => grant.role === role && (!organisation || grant.organisation === organisation));

/** Somebody of the city at the desk, with the road back to it. */
async function atTheDesk(account, way) {
  const one = await person(browser, city.base, way);
  await one.page.goto("/desk/sign-in");
  await fill(one.page, { login: account.login, password: account.password });
  await send(one.page);
  return one;
}

async function press(page, button) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), button.click()]);
}

for (const [nth, way] of ways.entries()) {
  test(`a call is taken down once, promised and called back, ${way.name}`, async () => {
    const agent = await atTheDesk(city.accounts.find((one) => one.login === "hotline.liaocheng.1"), way);
    const { page } = agent;

    const phone = `1990000${1000 + nth}`;
    await page.goto("/desk/intake");
    await look(page, way, "intake-who");
    await page.locator('[name="applicant.phone"]').first().fill(phone);
    await press(page, page.locator('main form[action="/desk/intake"] button[type=submit]').first());
    await look(page, way, "intake-known");
    assert.match(await page.locator("main").innerText(), /没有找到这个人的办件/, "nothing is known yet");

    // What was typed goes along into the form; nobody asks for it again.
    await press(page, page.locator('button[formaction="/desk/intake/consultation.call"]'));
    await look(page, way, "intake-call");
    assert.equal(await page.locator('[name="applicant.phone"]').inputValue(), phone);
    await page.locator('[name="applicant.name"]').fill(["王女士", "赵先生", "孙女士", "李先生"][nth]);
    await page.locator('[name="consult.topic"]').first().check({ force: true }).catch(async () => {
      await page.locator('[name="consult.topic"]').first().selectOption({ index: 1 });
    });
    await page.locator('[name="consult.question"]').fill(CALLS[nth]);
    await press(page, page.getByRole("button", { name: "登记并出回执" }).last());
    await look(page, way, "intake-call-done");
    const number = (await page.locator("main").innerText()).replaceAll(" ", "").match(/3715\d{12}/)?.[0];
    assert.ok(number, "a number to tell the caller");

    await press(page, page.locator(`main a[href^="/desk/matters/${number}/promise-call-back"]`));
    await look(page, way, "call-back");
    await fill(page, { "callback.phone": phone, "callback.when": "today", "callback.about": "核对当地最低工资标准。" });
    await send(page);
    assert.deepEqual(await page.locator(".govuk-error-summary").allInnerTexts(), []);

    // The promise is work with a day on it, in the list of whoever gave it.
    await page.goto("/desk");
    assert.equal(await page.locator(`main a[href*="${number}"]`).count(), 1, "the call back is to be done");
    // The same person calls again: what is under way is seen before anything new is taken down.
    await page.goto("/desk/intake");
    await page.locator('[name="applicant.phone"]').first().fill(phone);
    await press(page, page.locator('main form[action="/desk/intake"] button[type=submit]').first());
    assert.equal(await page.locator(`main a[href*="${number}"]`).count(), 1, "the earlier call is found");

    await page.goto(`/desk/matters/${number}/answer`);
    await fill(page, { "answer.text": "可以先向劳动保障监察机构投诉。", "answer.cites": "cites-none", "answer.disposition": "answered" });
    await send(page);
    assert.deepEqual(await page.locator(".govuk-error-summary").allInnerTexts(), []);
    await agent.close();
  });

  test(`a head shares out the work of the office and takes the list out, ${way.name}`, async () => {
    const example = (await city.api("GET", "/items/legal-aid.civil")).examples[0].body;
    const opened = [];
    for (let i = 0; i < 2; i += 1) opened.push((await city.api("POST", "/matters", { body: { ...example, door: "web" } })).number);
    const token = await signIn(city.accounts.find(has("supervisor")));
    const matter = await city.api("GET", `/matters/${opened[0]}`, { token });
    const office = matter.owner.organisation;
    const head = city.accounts.find(has("aid_head", office));
    const officer = city.accounts.find(has("aid_officer", office));
    const one = await atTheDesk(head, way);
    const { page } = one;
    await page.goto("/desk?view=watch&item=legal-aid.civil&order=newest");
    await look(page, way, "watch-narrowed");
    const shown = await page.locator("input[name=pick]").count();
    assert.ok(shown >= 2, "the office's work is there");
    const count = Number((await page.locator('[aria-current="page"]').innerText()).match(/\d+/)[0]);

    const csv = await page.context().request.get(await page.locator('a[href*="format=csv"]').getAttribute("href"));
    const lines = (await csv.text()).trim().split("\r\n");
    assert.equal(lines.length - 1, count, "the table has the rows of the list");
    assert.match(lines[0], /编号.*申请人/);
    for (const number of opened) assert.ok(lines.some((line) => line.replaceAll(" ", "").includes(number)), number);

    // The filter is kept under a name, found again, and let go of; the one without a name is told and not kept.
    const keep = page.locator('form[action="/desk/lists"]');
    await keep.locator("button").click();
    await page.locator(".govuk-error-summary").waitFor();
    await look(page, way, "list-unnamed");
    await keep.locator('[name="name"]').fill(`法援 ${way.name}`);
    await keep.locator("button").click();
    await page.locator('a[aria-current="true"]').waitFor();
    await look(page, way, "list-kept");
    await page.goto("/desk");
    await page.getByRole("link", { name: `法援 ${way.name}`, exact: true }).click();
    await page.waitForURL(/item=legal-aid\.civil/);
    assert.equal(await page.locator("input[name=pick]").count(), shown, "the list as it was kept");
    await page.locator('form[action="/desk/lists/forget"] button').click();
    await page.waitForURL((url) => url.pathname === "/desk" && !url.search);
    assert.equal(await page.getByText(`法援 ${way.name}`).count(), 0);
    await page.goto("/desk?view=watch&item=legal-aid.civil&order=newest");

    // Nothing chosen, nobody named: told, and what was typed stays.
    await page.locator("input[name=pick]").first().check({ force: true });
    await page.locator("[name=reason]").fill("今天由你来办");
    await press(page, page.locator('button[name=what][value=assign]'));
    await look(page, way, "batch-again");
    assert.equal(await page.locator("[name=reason]").inputValue(), "今天由你来办");
    await page.locator("[name=to]").selectOption(officer.login);
    await press(page, page.locator('button[name=what][value=assign]'));
    await look(page, way, "batch-done");
    assert.match(await page.locator("main").innerText(), /办成 1 件，没有办成 0 件/);
    await one.close();
  });

  test(`items, components and people can be read, ${way.name}`, async () => {
    const clerk = await atTheDesk(city.accounts.find(has("clerk")), way);
    await clerk.page.goto("/desk/catalogue");
    await look(clerk.page, way, "catalogue");
    await press(clerk.page, clerk.page.locator('main a[href="/desk/catalogue/legal-aid.civil"]'));
    await look(clerk.page, way, "catalogue-item");
    await clerk.close();
    const anybody = await person(browser, city.base, way);
    for (const [path, name] of [["/style", "style"], ["/sitemap", "sitemap"], ["/practitioners?kind=lawyer", "lawyers"], ["/entrance/lawyer", "entrance-lawyer"]]) {
      await anybody.page.goto(path);
      await look(anybody.page, way, name);
    }
    await anybody.page.goto("/practitioners?kind=lawyer");
    assert.ok((await anybody.page.locator(".hf-office").count()) > 0, "lawyers are found");
    await anybody.close();
  });
}

test("what was typed waits until whoever typed it has signed in again", async () => {
  const way = ways[1];
  const account = city.accounts.find((one) => one.login === "hotline.liaocheng.2");
  const one = await atTheDesk(account, way);
  const { page } = one;
  await page.goto("/desk/intake/consultation.call");
  await page.locator('[name="consult.question"]').fill("房东不退押金怎么办？");
  await page.context().clearCookies();
  await press(page, page.getByRole("button", { name: "登记并出回执" }).last());
  assert.match(page.url(), /\/desk\/sign-in/);
  await fill(page, { login: account.login, password: account.password });
  await send(page);
  const back = page.locator("[data-kept] a");
  assert.ok(await back.isVisible(), "the way back is offered");
  await press(page, back);
  assert.equal(await page.locator('[name="consult.question"]').inputValue(), "房东不退押金怎么办？");
  await one.close();
});

async function signIn(account) {
  return (await city.api("POST", "/sessions", { body: { login: account.login, password: account.password } })).token;
}
