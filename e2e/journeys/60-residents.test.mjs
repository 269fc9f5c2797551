// What a resident can count on, whoever they are: by the keyboard alone, on a phone and at a desk.
import assert from "node:assert/strict";
import { test } from "node:test";
import { screens, ways } from "../support/browser.mjs";
import { bring, office, opened, seen, told } from "../support/office.mjs";
import { answersOf, idOf, resident } from "../support/resident.mjs";
import { smsReader } from "../support/sms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

/** A photograph, as small as they come. */
const PHOTOGRAPH = {
  name: "工地照片（第1张）.png",
  mimeType: "image/png",
  buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
};

let code;
const examples = {};
stage({
  scene: async () => {
    code = await smsReader(city);
    for (const id of ["consultation.text", "mediation.people", "legal-aid.civil", "complaint.service"]) {
      examples[id] = (await city.api("GET", `/items/${id}`)).examples.map((one) => one.body);
    }
  },
});

for (const way of screens) {
  test(`a resident asks, saves, comes back, sends, follows and urges, ${way.name}`, async () => {
    const one = await resident(browser, city, way);
    const { page, keys } = one;
    const answers = { ...answersOf(examples["consultation.text"][0]), how: "file", file: PHOTOGRAPH };
    await one.find("咨询", "consultation.text");
    await one.answer(answers, { until: "/q/consult.question" });

    // Nothing typed is lost by stopping here: a code and the phone lead back, on another device too.
    await page.goto("/apply/consultation.text/save");
    await one.looks("save");
    await keys.send({ phone: "19900000021" });
    await one.looks("saved");
    const kept = (await page.locator(".govuk-panel strong").innerText()).replaceAll(/\s/g, "");
    await page.context().clearCookies();
    await page.goto("/resume");
    await one.looks("resume");
    await keys.send({ code: kept, phone: "19900000021" });
    await one.looks("resume-code");
    await keys.send({ sms: await code("19900000021") });
    assert.equal(one.path(), "/apply/consultation.text", `${await told(page)}`);
    await one.looks("resumed");
    await keys.follow(page.locator("main .hf-due a.govuk-button"));
    assert.match(one.path(), /\/q\/consult\.question$/, "it goes on where it stopped");
    await one.answer(answers);
    const matter = await one.send(answers);

    await page.context().clearCookies();
    const spoken = `${matter.number.slice(0, 4)} ${matter.number.slice(4, 8)}-${matter.number.slice(8)}`;
    await one.progress(matter, { number: spoken, code: matter.code.toLowerCase() });
    await one.looks("matter-consultation");
    await one.act(matter, "message", { text: "补充一点：工友还有三个人也没拿到钱。" });
    await one.looks("matter-done");
    await one.act(matter, "urge");
    const { materials } = await seen(city, matter);
    assert.ok(materials.some((one) => one.state === "given"), "the photograph came along");
    const actions = (await city.api("GET", `/matters/${matter.number}/events`, { token: matter.token })).items.map((event) => event.action);
    assert.ok(actions.includes("message") && actions.includes("urge"), `${actions}`);
    await one.close();
  });

  test(`an answered question is asked on, and comes back to the same office, ${way.name}`, async () => {
    const matter = await opened(city, "consultation.text");
    await bring(city, matter, "answer");
    const before = await seen(city, matter);
    assert.ok(before.final, "the consultation was closed");
    const one = await resident(browser, city, way);
    await one.progress(matter);
    await one.looks("matter-answered");
    await one.act(matter, "reopen", { "reply.text": "对方说没有钱，我还能怎么办？" });
    const after = await seen(city, matter);
    assert.ok(!after.final, "it is open again");
    assert.equal(after.waiting_for[0].role, "clerk");

    // Closed is not the end: what was asked lands with somebody, who answers.
    const people = office(browser, city, way);
    await people.act("clerk", "answer", matter);
    assert.ok((await seen(city, matter)).final, "answered again");
    await people.close();
    await one.close();
  });

  test(`a helper writes for an elder, sees that one matter, and no longer than wanted, ${way.name}`, async () => {
    const [matter, other] = [await opened(city, "consultation.text"), await opened(city, "consultation.text")];
    const elder = await resident(browser, city, way);
    await elder.page.goto("/");
    await elder.keys.reach(elder.page.locator('.hf-strip button[name="size"]'));
    await elder.keys.enter();
    assert.match(await elder.page.locator(":root").getAttribute("class"), /hf-elder/, "elder mode is on");
    await elder.progress(matter);
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await elder.act(matter, "add-helper", { "helper.may": "act", "helper.until": until });
    await elder.page.goto(`/matter/${matter.number}/helper`);
    await elder.looks("helper-offered");
    const handed = (await elder.page.locator(".hf-receipt__code").innerText()).replaceAll(/\s/g, "");

    const helper = await resident(browser, city, way);
    await helper.signIn(way.name === "phone" ? "19900000022" : "19900000023", code);
    await helper.page.goto("/helping");
    await helper.looks("helping");
    await helper.keys.send({ number: matter.number, code: "00000000" });
    assert.equal((await told(helper.page)).length, 1, "a wrong code is told");
    await helper.keys.send({ number: matter.number, code: handed });
    assert.equal(helper.path(), `/matter/${matter.number}`, `${await told(helper.page)}`);
    await helper.looks("matter-helped");
    assert.equal(await helper.page.locator('main a[href*="/withdraw"]').count(), 0, "a helper never withdraws");
    await helper.act(matter, "message", { text: "老人让我补充：欠条在他手里。" });
    assert.equal((await helper.page.goto(`/matter/${other.number}`)).status(), 404, "nothing else is seen");

    await elder.act(matter, "end-helper");
    assert.equal((await helper.page.goto(`/matter/${matter.number}`)).status(), 404, "the help is over at once");
    await helper.looks("not-found");
    await helper.close();
    await elder.close();
  });

  test(`a child's application waits for a guardian's word, and says so at its box, ${way.name}`, async () => {
    const one = await resident(browser, city, way);
    const { page, keys } = one;
    const answers = { ...answersOf(examples["legal-aid.civil"][0]), "applicant.id_no": idOf("371502", childsBirthday(), "003") };
    await page.goto("/apply/legal-aid.civil");
    await keys.send({}, { action: "/apply/legal-aid.civil" });
    await one.answer(answers);
    await one.looks("apply-check-guardian");
    await keys.send(answers);
    assert.equal((await told(page)).length, 1, "nothing is sent without the guardian");
    await one.looks("apply-check-guardian-missing");
    assert.ok(await page.locator('.govuk-error-summary a[href="#agree.guardian"]').count(), "the error leads to the guardian's box");
    const matter = await one.send({ ...answers, "agree.guardian": true });
    assert.ok((await seen(city, matter)).number);
    await one.close();
  });

  test(`a company is asked for its code, keeps what it typed, and is a party like any other, ${way.name}`, async () => {
    const one = await resident(browser, city, way);
    const { page, keys } = one;
    const answers = { ...answersOf(examples["mediation.people"][0]), "applicant.kind": "company", "applicant.name": "测试果品有限公司" };
    await page.goto("/apply/mediation.people");
    await keys.send({}, { action: "/apply/mediation.people" });
    await one.answer(answers, { until: "/applicant" });
    await one.looks("apply-applicant");
    await keys.send({ ...answers, "applicant.uscc": "91350100M000100Y42" });
    assert.equal((await told(page)).length, 1, "a code with a slip is told");
    await one.looks("apply-applicant-uscc-wrong");
    assert.equal(await page.locator('[name="applicant.name"]').inputValue(), "测试果品有限公司", "the name is kept");
    await keys.send({ "applicant.uscc": "91350100M000100Y43" });
    await one.answer(answers);
    const matter = await one.send(answers);
    assert.equal((await seen(city, matter)).applicant.kind, "company");
    await one.close();
  });

  test(`a complaint about a service is answered by others, and reviewed by others again, ${way.name}`, async () => {
    const about = await opened(city, "consultation.text");
    await bring(city, about, "answer");
    const one = await resident(browser, city, way);
    const { page, keys } = one;
    await one.progress(about);
    // What is said against the handling stands a step back, but the keyboard opens it.
    await keys.start();
    const folded = page.locator(`details:has(a[href^="/apply/complaint.service"]) > summary`);
    await keys.reach(folded);
    await keys.press("Enter");
    await keys.follow(page.locator(`main a[href^="/apply/complaint.service?from=${about.number}"]`));
    await one.looks("complaint-start");
    await keys.send({}, { action: "/apply/complaint.service" });
    const answers = answersOf(examples["complaint.service"][0]);
    await one.answer(answers);
    const matter = await one.send(answers);
    assert.ok((await seen(city, matter)).links.some((link) => link.number === about.number), "it is linked with what it is about");

    const people = office(browser, city, way);
    const { account: first } = await people.act("clerk", "handle", matter);
    await people.act("clerk", "answer", matter);
    await one.progress(matter);
    await one.looks("complaint-answered");
    await one.act(matter, "ask-review");
    const { account: second } = await people.act("supervisor", "conclude-review", matter);
    assert.notEqual(second.login, first.login, "the review is another's");
    assert.ok((await seen(city, matter)).final);
    await one.progress(matter);
    await one.looks("complaint-reviewed");
    await people.close();
    await one.close();
  });
}

for (const way of ways.filter((way) => !way.scripts)) {
  test(`without scripts a dispute is brought, followed and withdrawn, ${way.name}`, async () => {
    const one = await resident(browser, city, way);
    const answers = answersOf(examples["mediation.people"][0]);
    await one.find("调解", "mediation.people");
    await one.answer(answers);
    const matter = await one.send(answers);
    await one.progress(matter);
    await one.looks("matter-mediation");
    await one.act(matter, "withdraw", { reason: "我们自己说好了。" });
    assert.ok((await seen(city, matter)).final, "withdrawn");
    await one.looks("matter-withdrawn");
    await one.close();
  });
}

/** A day on which somebody was born who is ten years old. */
function childsBirthday() {
  return `${new Date().getFullYear() - 10}0310`;
}
