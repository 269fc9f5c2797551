// The answer library: somebody who answers questions writes one to be used again, their head publishes it, and a
// resident finds it without asking anybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { fill, send } from "../support/forms.mjs";
import { bring, opened } from "../support/office.mjs";
import { browser, city, stage } from "../support/stage.mjs";

stage();

// Each way has a question of its own, so that what is found is what was written here.
const QUESTIONS = ["工地老板拖欠工钱", "装修公司拖欠工钱", "饭店老板拖欠工钱", "物流公司拖欠工钱"];

async function atTheDesk(login, way) {
  const account = city.accounts.find((one) => one.login === login);
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
  test(`an answer is written, published by another and found by a resident, ${way.name}`, async () => {
    const general = `${QUESTIONS[nth]}，没有签合同，怎么办？`;
    const matter = await opened(city, "consultation.text", {
      body: { door: "web", area: "371502000000" },
      form: { "consult.question": `${QUESTIONS[nth]}三个月了，我该找谁要？` },
    });

    // While the question is open, what was answered before stands beside it and is put into the form.
    const clerk = await atTheDesk("clerk.dongchangfu.1", way);
    await clerk.page.goto(`/desk/matters/${matter.number}`);
    await press(clerk.page, clerk.page.locator('main a[href*="reuse="]').first());
    await look(clerk.page, way, "answer-reused");
    assert.match(await clerk.page.locator('[name="answer.text"]').inputValue(), /仲裁/);
    await clerk.page.goto(`/desk/answers/for/${matter.number}`);
    await look(clerk.page, way, "answers-for");
    await send(clerk.page);
    await look(clerk.page, way, "answer-drafted");
    assert.match(await clerk.page.locator("main").innerText(), /还没有发出/);

    // Once it is closed, it is written anew; a name does not get through, and nothing typed is lost.
    await bring(city, matter, "answer");
    await clerk.page.goto(`/desk/matters/${matter.number}`);
    await press(clerk.page, clerk.page.locator('main a[href*="/desk/answers/new"]'));
    await look(clerk.page, way, "answer-new");
    const answer = "可以先向劳动保障监察机构投诉，也可以申请劳动仲裁，仲裁不收费。";
    const typed = { kind: "劳动争议", question: `测试甲：${general}`, answer, cites: "" };
    await fill(clerk.page, typed);
    await send(clerk.page);
    await look(clerk.page, way, "answer-named");
    assert.match(await clerk.page.locator(".govuk-error-summary").innerText(), /测试甲/);
    assert.equal(await clerk.page.locator("[name=answer]").inputValue(), answer);
    await clerk.page.locator("[name=question]").fill(general);
    await send(clerk.page);
    await look(clerk.page, way, "answer-proposed");
    assert.match(await clerk.page.locator("main").innerText(), /待审核/);
    await clerk.close();

    const head = await atTheDesk("head.dongchangfu.1", way);
    await head.page.goto("/desk/answers");
    await look(head.page, way, "answers-review");
    await press(head.page, head.page.getByRole("link", { name: general }));
    await look(head.page, way, "answer-review");
    await press(head.page, head.page.locator("button[name=what][value=publish]"));
    assert.match(await head.page.locator("main").innerText(), /已公开/);
    await head.close();

    const resident = await person(browser, city.base, way);
    await resident.page.goto("/answers");
    await look(resident.page, way, "answers");
    await resident.page.locator('main form[role=search] [name=q]').fill(QUESTIONS[nth]);
    await press(resident.page, resident.page.locator("main form[role=search] button"));
    await look(resident.page, way, "answers-found");
    await press(resident.page, resident.page.getByRole("link", { name: general }));
    await look(resident.page, way, "answer");
    const shown = await resident.page.locator("main").innerText();
    assert.match(shown, /劳动保障监察/);
    assert.match(shown, /仅供参考/);
    assert.ok(!shown.includes(matter.number), "where it comes from is told to nobody");
    await resident.close();
  });
}
