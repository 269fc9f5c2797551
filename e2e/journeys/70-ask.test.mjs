// Somebody tells what happened, and all that helps stands on one page: the kind of problem, the article, the sum, the
// service; and what was written goes along into the application, where it can be changed or struck out.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { offered, office, opened } from "../support/office.mjs";
import { resident } from "../support/resident.mjs";
import { browser, city, stage } from "../support/stage.mjs";

const STORY = "被公司辞退没有给补偿，工作了六年半，月薪八千";
const ARTICLES = [
  { law: "劳动合同法", article: "第四十七条", category: "社会法", version: "2012-12-28", status: "in-force", text: "经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。" },
  { law: "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）", article: "第四十四条", category: "司法解释", version: "2020-12-29", status: "in-force", text: "因用人单位作出的开除、除名、辞退、解除劳动合同、减少劳动报酬、计算劳动者工作年限等决定而发生的劳动争议，用人单位负举证责任。" },
];

stage({
  scene: async () => {
    const folder = mkdtempSync(join(tmpdir(), "laws-"));
    const rows = join(folder, "rows.jsonl");
    writeFileSync(rows, ARTICLES.map((article) => `${JSON.stringify(article)}\n`).join(""));
    city.command("laws", "import", rows);
    rmSync(folder, { recursive: true });
  },
});

for (const way of ways) {
  test(`a story leads to all that helps and into an application, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/");
    await page.locator('main input[name="q"]').fill(STORY);
    await page.locator("main form[role=search] button").click();
    await page.waitForURL(/\/search/);
    await look(page, way, "ask");
    const main = await page.locator("main").innerText();
    for (const words of ["劳动争议", "被辞退", "劳动合同法 第四十七条", "56000.00 元", "聊城市公共法律服务中心"]) {
      assert.ok(main.includes(words), `${words} is missing in:\n${main}`);
    }
    assert.ok(!main.includes("投诉"), "nobody is led to complain of us");

    await page.locator('form[action="/apply/consultation.text"] button').last().click();
    await page.waitForURL(/\/apply\/consultation\.text/);
    while (!new URL(page.url()).pathname.endsWith("/q/consult.topic")) {
      const choice = page.locator("main form input[type=radio]").first();
      if (await choice.count()) await choice.check();
      await page.locator("main form button[type=submit]").first().click();
      await page.waitForLoadState();
    }
    assert.equal(await page.locator('[name="consult.topic"]').inputValue(), "labour", "the topic was carried");
    await look(page, way, "ask-carried");
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForURL(/consult\.question/);
    const question = page.locator('textarea[name="consult.question"]');
    assert.equal(await question.inputValue(), STORY, "the story was carried");
    await question.fill(`${STORY}。现在想申请仲裁。`);
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForURL((url) => !url.pathname.endsWith("consult.question"));
    await page.goto("/apply/consultation.text/q/consult.question");
    assert.match(await question.inputValue(), /申请仲裁/);
    assert.equal(await page.getByText("带过来的").count(), 0, "what was looked at is the person's own");
    await resident.close();
  });
}

for (const way of ways) {
  test(`articles show the words of the question and are narrowed down to one kind of law, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/laws");
    await page.locator('main input[name="q"]').fill(STORY);
    await page.locator("main form[role=search] button").click();
    const found = page.locator("main h3");
    assert.equal(await found.count(), 2);
    assert.deepEqual(await page.locator("mark").allInnerTexts(), ["补偿", "工作", "辞退", "工作"]);
    await look(page, way, "laws-found");

    await page.locator("main summary").first().click();
    await page.getByRole("link", { name: /司法解释/ }).first().click();
    await page.waitForURL(/category=/);
    assert.equal(await found.count(), 1);
    assert.match(await found.innerText(), /第四十四条/);
    assert.match(await page.locator("main summary").first().innerText(), /司法解释/, "what was chosen is seen");
    assert.equal(await page.locator('main input[name="q"]').inputValue(), STORY, "the question stays");
    await look(page, way, "laws-narrowed");
    await resident.close();
  });
}

test("what is unclear is asked back, and another kind can be chosen", async () => {
  const resident = await person(browser, city.base, ways[0]);
  const { page } = resident;
  await page.goto("/search");
  await look(page, ways[0], "ask-empty");
  await page.locator('textarea[name="q"]').fill("我遇到了一件麻烦的事情，不知道怎么办才好");
  await page.locator("main form button[type=submit]").last().click();
  await page.locator("#ask-kind").waitFor();
  await look(page, ways[0], "ask-unclear");
  assert.equal(new URL(page.url()).search, "", "a story does not stand in the address");
  await page.locator('button[name="kind"]').first().click();
  await page.locator("#ask-kind").waitFor();
  await resident.close();
});

test("a consultant sees the articles beside the question", async () => {
  const desk = office(browser, city, ways[1]);
  const matter = await opened(city, "consultation.text", { form: { "consult.question": STORY } });
  const { account } = await offered(city, matter, "answer").catch(() => offered(city, matter, "take"));
  const one = await desk.at(account);
  await desk.open(one, matter.number);
  await one.page.locator(`a[href="/desk/matters/${matter.number}/help"]`).click();
  await one.page.locator("#ask-laws").waitFor();
  await desk.looks(one, "desk-help");
  const main = await one.page.locator("main").innerText();
  assert.ok(main.includes("劳动合同法 第四十七条") && main.includes("56000.00 元"), main);

  // The sum goes with the matter: computed, put into a note, sent.
  const { page } = one;
  await page.locator('form[action="/desk/calculators/labour.severance"] button').first().click();
  await page.waitForURL(/calculators/);
  if (!(await page.locator("#result").count())) {
    await page.locator('[name="local_avg_monthly_wage"]').fill("9000");
    await page.locator('[name="min_wage"]').fill("2200");
    await page.locator("main form button[type=submit]:not([name])").first().click();
  }
  await page.locator("#result").waitFor();
  assert.equal(await page.locator('input[name="with_matter"]:not([type=hidden])').inputValue(), matter.number, "the matter is known");
  await page.locator('button[value="attach"]').click();
  await page.locator('textarea[name="note.text"]').waitFor();
  await desk.looks(one, "desk-note");
  assert.match(await page.locator('textarea[name="note.text"]').inputValue(), /56000\.00/);
  await page.locator(`form[action^="/desk/matters/${matter.number}/add-note"] button[type=submit]`).click();
  await page.waitForURL(/done=add-note/);
  const kept = await page.locator("main").innerText();
  assert.ok(kept.includes("随说明放进的材料") && kept.includes("补充说明、材料"), kept);
  await desk.close();
});

test("a resident puts a document they wrote with their matter", async () => {
  const way = ways[0];
  const one = await resident(browser, city, way);
  const { page } = one;
  const matter = await opened(city, "consultation.text", { form: { "consult.question": STORY } });
  await one.progress(matter);
  await page.goto("/drafts/evidence-list");
  await page.getByText("放进一件正在办的事").click();
  await page.locator('button[value="attach"]').click();
  await page.locator('textarea[name="note.text"]').waitFor();
  await one.looks("note");
  assert.equal(new URL(page.url()).pathname, "/drafts/evidence-list");
  await page.locator(`form[action^="/matter/${matter.number}/add-note"] button[type=submit]`).click();
  await page.waitForURL(/done=add-note/);
  assert.match(await page.locator("main").innerText(), /留了一条说明/);
  await one.close();
});
