// What people of the offices can count on at their screens: the work comes to them, and the keyboard does it all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { screens } from "../support/browser.mjs";
import { bring, linkTo, office, opened, seen, told } from "../support/office.mjs";
import { answersOf, resident } from "../support/resident.mjs";
import { browser, city, stage } from "../support/stage.mjs";

stage();

const account = (login) => city.accounts.find((one) => one.login === login);

for (const way of screens) {
  test(`the aid officer examines, the approver decides, a firm is assigned, ${way.name}`, async () => {
    const matter = await opened(city, "legal-aid.civil");
    const people = office(browser, city, way);
    const { account: officer } = await people.act("aid officer", "accept-for-review", matter);
    await people.act("aid officer", "propose-grant", matter);
    const { account: approver } = await people.act("approver", "grant", matter);
    assert.notEqual(approver.login, officer.login, "nobody approves their own proposal");
    await people.act("aid officer", "assign-firm", matter);
    const { waiting_for } = await seen(city, matter);
    assert.ok(waiting_for.some((one) => one.role === "firm_admin"), "the firm is asked for a lawyer");
    await people.close();
  });

  test(`the lawyer is named, accepts, reports the close and hands in the file, ${way.name}`, async () => {
    const matter = await opened(city, "legal-aid.civil");
    await bring(city, matter, "accept-for-review", "propose-grant", "grant", "assign-firm");
    const people = office(browser, city, way);
    await people.act("firm admin", "name-lawyer", matter);
    const { account: lawyer, one } = await people.act("lawyer", "accept", matter);
    await people.act("lawyer", "report-closing", matter);
    await people.act("lawyer", "submit-file", matter);
    // A lawyer sees the matters that are theirs, and no others.
    const other = await opened(city, "legal-aid.civil");
    assert.equal((await one.page.goto(`/desk/matters/${other.number}`)).status(), 404, `${lawyer.login} sees what is not theirs`);
    await people.act("aid officer", "close", matter);
    assert.ok((await seen(city, matter)).final);
    await people.close();
  });

  test(`a mediator asks, mediates and has everybody sign before an agreement holds, ${way.name}`, async () => {
    const matter = await opened(city, "mediation.people");
    const people = office(browser, city, way);
    await people.act("mediator", "accept", matter);
    await people.act("mediator", "all-agree", matter);
    await people.act("committee head", "appoint", matter);
    await people.act("mediator", "record-session", matter);
    const { one, account: mediator } = await people.act("mediator", "reach-written", matter);

    // Too early: the page says what is missing and nothing is concluded.
    const { page, keys } = one;
    await people.open(one, matter.number);
    const early = linkTo(page, `/desk/matters/${matter.number}/conclude`);
    if (await early.count()) {
      await keys.follow(early);
      await keys.send({ "agreement.mediator_signed": true, "agreement.sealed": true, "agreement.effective_on": today() });
      assert.equal((await told(page)).length, 1, "an agreement that is not signed by all does not take effect");
    }
    const own = (one) => one.login === mediator.login;
    await people.act("mediator", "sign", matter, {}, own);
    await people.act("mediator", "sign", matter, {}, own);
    await people.act("mediator", "conclude", matter, {}, own);
    assert.equal((await seen(city, matter)).step, "performing");
    await people.close();
  });

  test(`an agreement goes to the court for confirmation, and its ruling comes back to both sides, ${way.name}`, async () => {
    const before = await opened(city, "mediation.people");
    await bring(city, before, "accept", "all-agree", "appoint", "record-session", "reach-written", "sign", "sign", "conclude");
    const one = await resident(browser, city, way);
    await one.progress(before);
    await one.looks("matter-agreement");
    await one.keys.follow(one.page.locator(`main a[href^="/apply/mediation.judicial-confirmation?from="]`).first());
    await one.looks("confirmation-start");
    await one.keys.send({}, { action: "/apply/mediation.judicial-confirmation" });
    const example = (await city.api("GET", "/items/mediation.judicial-confirmation")).examples[0].body;
    const answers = answersOf(example);
    const asked = await one.answer(answers);
    for (const known of ["agreement.content", "agreement.effective_on", "others", "area"]) assert.ok(!asked.includes(known), `${known} is handed on, not asked again`);
    const matter = await one.send(answers);

    const people = office(browser, city, way);
    await people.act("mediator", "make-packet", matter);
    await people.act("mediator", "sign", matter);
    await people.act("mediator", "sign", matter);
    await people.act("mediator", "hand-to-court", matter);
    await people.act("court", "docket", matter);
    await people.act("court", "rule-valid", matter);
    await one.progress(matter);
    await one.looks("matter-ruled");
    assert.equal((await seen(city, matter)).step, "ruled-valid");
    await people.close();
    await one.close();
  });

  test(`a matter of another county is passed on and nothing is asked again, ${way.name}`, async () => {
    const matter = await opened(city, "complaint.service");
    const people = office(browser, city, way);
    const first = await seen(city, matter);
    await people.act("clerk", "transfer", matter, { "transfer.office": "center.chiping", reason: "事情发生在茌平区。" });
    const { account: receiver } = await people.act("clerk of the other county", "accept-transfer", matter);
    assert.match(receiver.login, /chiping/, "the other county answers");
    const after = await seen(city, matter);
    assert.notDeepEqual(after.owner, first.owner, "it is theirs now");
    assert.deepEqual(after.form, first.form, "what was told once went along");
    const one = await resident(browser, city, way);
    await one.progress(matter);
    await one.looks("matter-transferred");
    await one.close();
    await people.close();
  });

  test(`one opens an account, another gives rights, its holder changes the password, goes on leave and is stood in for, ${way.name}`, async () => {
    const people = office(browser, city, way);
    const login = `officer.new.${way.name}`;
    const [first, own] = ["Mu-dan-2026-ke", "Shui-cheng-9-qiao"];

    const system = await people.at(account("admin.system"));
    await people.looks(system, "admin-accounts");
    await system.keys.follow(system.page.locator('main a[href="/desk/accounts/new"]'));
    await people.looks(system, "admin-account-new");
    await system.keys.send({ login, name: "沈秋白", organisation: "aid.dongchangfu", password: first });
    assert.deepEqual(await told(system.page), []);
    await people.looks(system, "admin-account");
    assert.equal(await system.page.locator('main select[name="role"]').count(), 0, "whoever opens accounts gives no rights");

    const security = await people.at(account("admin.security"));
    await security.page.goto(`/desk/accounts/${login}`);
    await people.looks(security, "admin-rights");
    await security.keys.send({ role: "aid_officer", area: "371502", organisation: "aid.dongchangfu" }, { action: `/desk/accounts/${login}` });
    assert.deepEqual(await told(security.page), []);

    const officer = await people.at({ login, password: first });
    assert.equal(new URL(officer.page.url()).pathname, "/desk/account/password", "a first password is changed before anything else");
    await people.looks(officer, "first-password");
    await officer.keys.send({ current: first, password: own, again: own });
    assert.deepEqual(await told(officer.page), []);
    await officer.page.goto("/desk");
    await people.looks(officer, "desk-first-day");

    await officer.page.goto("/desk/absence");
    await people.looks(officer, "absence");
    await officer.keys.send({ from: today(3), to: today(5), kind: "training", substitute: "aid.dongchangfu.2" }, { action: "/desk/absence" });
    assert.deepEqual(await told(officer.page), []);
    await people.looks(officer, "absence-entered");
    assert.match(await officer.page.locator("main table").innerText(), /冯玉兰/, "who stands in is named");

    const audit = await people.at(account("admin.audit"));
    await audit.page.goto("/desk/audit");
    await people.looks(audit, "audit");
    assert.match(await audit.page.locator("main").innerText(), new RegExp(login.replaceAll(".", "\\.")), "what was done to accounts is on record");
    await people.close();
  });

  test(`a head hands one person's work to another, looks before, and takes it back, ${way.name}`, async () => {
    const matter = await opened(city, "legal-aid.civil");
    await bring(city, matter, "accept-for-review");
    const people = office(browser, city, way);
    const { owner } = await seen(city, matter);
    const head = await people.at(account("aidhead.dongchangfu.1"));
    const { page, keys } = head;
    await page.goto("/desk/reassign");
    await people.looks(head, "reassign");
    const to = ["aid.dongchangfu.1", "aid.dongchangfu.2"].find((login) => login !== owner.login);
    await keys.send({ from: owner.login, to, reason: "外出培训一周" });
    assert.deepEqual(await told(page), []);
    await people.looks(head, "reassign-preview");
    assert.ok(await page.locator(`main [value="${matter.number}"]`).count(), "the matter is among what would move");
    await keys.send();
    await people.looks(head, "reassign-done");
    assert.equal((await seen(city, matter)).owner.login, to, "it moved");
    await keys.send();
    await people.looks(head, "reassign-undone");
    assert.equal((await seen(city, matter)).owner.login, owner.login, "and is back");
    await people.close();
  });
}

/** A day from now on, in Beijing. */
function today(ahead = 0) {
  return new Date(Date.now() + (8 * 3600 + ahead * 86_400) * 1000).toISOString().slice(0, 10);
}
