// Writing a complaint about a loan: from the list to the form, the paper that follows while one answers, what the law
// says to it, a day that cannot be read, and the file, in a real browser with and without scripts.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { look, person, screens, survey, ways } from "../support/browser.mjs";
import { root } from "../support/city.mjs";
import { fill } from "../support/forms.mjs";
import { browser, city, stage } from "../support/stage.mjs";

const ANSWERS = {
  my_name: "王芳", my_gender: "woman", my_address: "聊城市东昌府区柳园路1号", my_phone: "13800138000",
  their_kind: "person", their_name: "李强", their_address: "聊城市东昌府区东昌路2号",
  happened_on: "2024-03-05", lent: "50,000", amount: "40000", paid_by: "transfer", note: "yes", due_on: "2025-03-05",
  interest: "agreed", rate: "24", interest_from: "2025-03-05",
  story: "被告以装修为由借款。\n到期后多次催要未还。", evidence: "借条原件 | 证明借款\n微信转账记录", court: "聊城市东昌府区人民法院",
};

const fonts = join(root, "assets", "fonts");
const forms = [["docx", "PK"]];
if (existsSync(join(fonts, "NotoSerifSC_400Regular.ttf"))) forms.push(["pdf", "%PDF"]);
else console.log("SKIP: no fonts in assets/fonts; that the PDF comes is not tried");

stage();

for (const way of ways) {
  test(`a complaint is written, looked at and taken along, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    await page.goto("/drafts");
    await look(page, way, "drafts");
    await page.locator('a[href="/drafts/complaint-loan"]').click();
    await page.waitForURL(/complaint-loan/);
    await look(page, way, "draft");
    const paper = page.locator(".hf-sheet");
    assert.match(await paper.innerText(), /原告：________/);

    await fill(page, { ...ANSWERS, happened_on: "2024-13-05" });
    if (way.scripts) {
      await page.waitForFunction(() => document.querySelector(".hf-sheet").textContent.includes("被告李强偿还借款本金40000元"));
      await look(page, way, "draft-live");
    }
    await page.locator('button[value="preview"]').click();
    await page.locator(".govuk-error-summary").waitFor();
    assert.equal(await page.locator('[name="lent"]').inputValue(), "50,000", "what was typed is kept");
    await look(page, way, "draft-mistake");

    await page.locator('[name="happened_on-month"]').fill("3");
    await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.locator('button[value="preview"]').click()]);
    const told = await page.locator("#draft-result").innerText();
    assert.match(told, /2024年3月5日，被告李强向原告借款50000元/);
    assert.match(told, /四倍/);
    assert.match(told, /民事诉讼法》第22条、第24条/);
    assert.match(told, /该填的都填了/);
    await look(page, way, "draft-result");

    for (const [form, head] of forms) {
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator(`button[value="${form}"]`).click()]);
      assert.equal(file.suggestedFilename(), `民事起诉状.${form}`);
      const chunks = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk);
      assert.equal(Buffer.concat(chunks).subarray(0, head.length).toString("latin1"), head);
      assert.equal(await page.locator('[name="my_name"]').inputValue(), "王芳", "the form is still there");
    }
    await resident.close();
  });
}

for (const way of screens) {
  test(`every document has a page that reads well, ${way.name}`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    const { items } = await city.api("GET", "/drafts");
    for (const { id } of items) {
      await page.goto(`/drafts/${id}`);
      await survey(page, way, `draft-${id}`, "draft");
    }
    await resident.close();
  });
}
