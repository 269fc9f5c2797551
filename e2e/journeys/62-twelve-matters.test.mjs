// One clerk, one morning, twelve matters over every item at the counter and on the telephone: no mouse, each field once,
// and whoever is in the register already is seen before anything is saved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { person, screens, survey } from "../support/browser.mjs";
import { keyboard } from "../support/keyboard.mjs";
import { told } from "../support/office.mjs";
import { answersOf, idOf } from "../support/resident.mjs";
import { browser, city, stage } from "../support/stage.mjs";

/** Doors of one window: what a clerk and what somebody on the telephone take down. */
const WINDOW = "clerk.dongchangfu.1";
const HOTLINE = "hotline.dongchangfu.1";
/** Twelve people, as the counter of a county sees them. */
const PEOPLE = ["赵一鸣", "钱二妮", "孙三强", "李四海", "周五一", "吴六顺", "郑七巧", "王八斤", "冯九龄", "陈十月", "褚百川", "卫千里"];

stage();

async function signedIn(login, way) {
  const one = await person(browser, city.base, way);
  const keys = keyboard(one.page);
  const { password } = city.accounts.find((account) => account.login === login);
  await one.page.goto("/desk/sign-in");
  await keys.send({ login, password });
  return { ...one, keys };
}

/** What a clerk types for the n-th person of a morning: the worked example of the item, with that person in it. */
function answersFor(body, nth, door, morning = 0) {
  const answers = answersOf(body);
  const name = `${PEOPLE[nth]}${["", "辉"][morning]}`;
  const birthday = `19${60 + nth}0${1 + (nth % 9)}1${5 + morning}`;
  Object.assign(answers, {
    door,
    area: body.area.startsWith("371502") ? undefined : "371502",
    "case.organ_area": "371502000000",
    "applicant.name": name,
    "applicant.phone": `19900000${100 + 20 * morning + nth}`,
    "agree.told": true,
    "agree.sensitive": true,
  });
  // What happened is told in each person's own words.
  for (const [fact, value] of Object.entries(body.form)) if (/。/.test(value)) answers[fact] = `${value}（${name}口述，${nth + 1}号）`;
  // So is who stands on the other side: somebody else each time.
  for (const other of Object.keys(answers).filter((one) => /^parties\.\d+\.name$/.test(one))) answers[other] = `${PEOPLE[(nth + 5) % 12]}${["的", "家的"][morning]}${answers[other]}`;
  if (body.applicant.id_no) answers["applicant.id_no"] = idOf("371502", birthday, `${100 + nth}`);
  for (const material of body.materials) {
    if (material.defer) answers[`paper.${material.id}`] = "defer";
    if (material.declare) answers[`paper.${material.id}`] = "declare";
  }
  return answers;
}

for (const [morning, way] of screens.entries()) {
  test(`twelve matters over every item by keyboard alone, ${way.name}`, async () => {
    const items = [];
    for (const { id } of (await city.api("GET", "/items")).items) items.push(await city.api("GET", `/items/${id}`));
    const [window, hotline] = [await signedIn(WINDOW, way), await signedIn(HOTLINE, way)];
    await window.page.goto("/desk/intake");
    const atWindow = await offered(window.page);
    await hotline.page.goto("/desk/intake");
    const onPhone = await offered(hotline.page);
    const turns = items.filter(({ doors }) => doors.includes("window") || doors.includes("hotline")).map(({ id, doors, examples }) => [id, examples[0].body, doors]);
    for (const [id] of turns) assert.ok(atWindow.includes(id) || onPhone.includes(id), `${id} comes in at a window or by telephone, and is taken in there`);

    const taken = [];
    for (let nth = 0; nth < 12; nth += 1) {
      const [id, body, doors] = turns[nth % turns.length];
      // Every third person calls, where the item comes in by telephone.
      const calls = (nth % 3 === 2 && doors.includes("hotline")) || !doors.includes("window");
      const { page, keys } = calls ? hotline : window;
      const { "applicant.phone": phone, ...answers } = answersFor(body, nth, calls ? "hotline" : "window", morning);
      await page.goto("/desk/intake");
      await survey(page, way, "desk-intake");
      // Who it is comes first; what was typed there goes along into the form.
      await keys.send({ "applicant.phone": phone }, { action: "/desk/intake" });
      await survey(page, way, "desk-intake-who");
      await keys.follow(page.locator(`main button[formaction="/desk/intake/${id}"]`));
      await survey(page, way, `desk-intake-${id}`, `desk-intake-${id.split(".")[0]}`);
      assert.equal(await page.locator('[name="applicant.phone"]').inputValue(), phone, `${id}: the telephone number went along`);
      // One pass from the first field to the button; the keyboard fails on a field it comes by twice.
      const met = await keys.send(answers);
      assert.deepEqual(met, [...new Set(met)], `${id}: no field twice`);
      assert.deepEqual(await told(page), [], `${id} is taken in as typed`);
      await survey(page, way, "desk-intake-receipt");
      taken.push(await receipt(page, id));
    }
    assert.equal(new Set(taken.map((one) => one.number)).size, 12, "twelve matters, twelve numbers");

    // The first comes back, says the same again, and is seen before anything is saved.
    const [id, body] = turns[0];
    const again = atWindow.includes(id) ? window : hotline;
    const { page, keys } = again;
    await page.goto(`/desk/intake/${id}`);
    const answers = answersFor(body, 0, "window", morning);
    await keys.send(answers);
    assert.equal(await page.locator(".hf-receipt__code").count(), 0, "nothing is saved yet");
    assert.equal(await page.locator(`main a[href="/desk/matters/${taken[0].number}"]`).count(), 1, "the matter that is there is named");
    await survey(page, way, "desk-intake-alike");
    // And may still be taken in when it is another matter: nothing is typed again.
    await keys.send();
    const second = await receipt(page, id);
    assert.notEqual(second.number, taken[0].number);
    for (const one of [window, hotline]) await one.close();
  });

  test(`somebody on the telephone is known by their number, ${way.name}`, async () => {
    const { examples } = await city.api("GET", "/items/consultation.text");
    const phone = way.name === "phone" ? "19900000031" : "19900000032";
    const body = structuredClone(examples[0].body);
    Object.assign(body.applicant, { name: "韩梅梅", phone });
    const open = await city.api("POST", "/matters", { body });

    const { page, keys, close } = await signedIn(HOTLINE, way);
    await page.goto("/desk/intake");
    await keys.send({ "applicant.phone": phone }, { action: "/desk/intake" });
    assert.equal(await page.locator(`main a[href="/desk/matters/${open.number}"]`).count(), 1, "what is under way for them is seen first");
    await survey(page, way, "desk-intake-known");
    await keys.follow(page.locator('main button[formaction="/desk/intake/consultation.text"]'));
    const call = { "consult.question": "上回问的工资还没有给，我又来问一下。", "consult.topic": "wages" };
    await keys.send({ door: "hotline", area: "371502", "applicant.kind": "person", "applicant.name": "韩梅梅", "agree.told": true, ...call });
    assert.equal(await page.locator(".hf-receipt__code").count(), 0, "and seen again before anything is saved");
    const link = page.locator(`main a[href="/desk/matters/${open.number}"]`);
    assert.equal(await link.count(), 1, "by its number");
    await survey(page, way, "desk-intake-caller");
    // The way on is that matter, not a second one.
    await page.goto(`/desk/matters/${open.number}`);
    await survey(page, way, "desk-matter-caller");
    assert.match(await page.locator("main").innerText(), /答复|Answer/);
    await close();
  });
}

/** Items a person may take in. */
const offered = (page) =>
  page.locator('main a[href^="/desk/intake/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/").at(-1)));

/** Number and code that are handed over. */
async function receipt(page, id) {
  const code = page.locator(".hf-receipt__code");
  assert.equal(await code.count(), 1, `${id}: no receipt at ${page.url()}: ${(await page.locator("main").innerText()).slice(0, 400)}`);
  const number = (await page.locator(".govuk-panel .hf-number").innerText()).replaceAll(/\D/g, "");
  assert.match(number, /^\d{16}$/);
  return { number, code: (await code.innerText()).replaceAll(/\s/g, "") };
}
