// The first page of the portal: useful on a slow phone, without scripts, to everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, person, ways } from "../support/browser.mjs";
import { browser, city, stage } from "../support/stage.mjs";

stage();

for (const way of ways) {
  test(`home on ${way.name}: eight entrances, one search box, both languages`, async () => {
    const resident = await person(browser, city.base, way);
    const { page } = resident;
    const answer = await page.goto("/");
    assert.equal(answer.status(), 200);
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await look(page, way, "home");
    assert.equal(await page.locator("a.hf-entrance").count(), 8, "eight entrances");

    const search = page.getByRole("searchbox").or(page.locator('input[name="q"]')).first();
    await search.fill("法律援助");
    await search.press("Enter");
    await page.waitForLoadState();
    assert.ok((await page.getByRole("link", { name: /法律援助/ }).count()) > 0, "the search finds legal aid");
    await look(page, way, "search");
    await resident.close();
  });
}

test("the first page weighs at most 150 kB with everything it loads", async () => {
  const resident = await person(browser, city.base, ways[0]);
  const { page } = resident;
  await page.goto("/", { waitUntil: "load" });
  const loads = await page.evaluate(() =>
    ["navigation", "resource"]
      .flatMap((kind) => performance.getEntriesByType(kind))
      .map(({ name, transferSize, decodedBodySize }) => ({ name, transferSize, decodedBodySize })),
  );
  const bytes = loads.reduce((sum, one) => sum + one.transferSize, 0);
  console.log(`first page: ${Math.round(bytes / 1024)} kB over ${loads.length} requests`);
  for (const one of loads) {
    // What weighs nothing was taken from the cache, and then it has a body; nothing may be unmeasured.
    assert.ok(one.transferSize > 0 || one.decodedBodySize > 0, JSON.stringify(loads));
  }
  assert.ok(bytes <= 150 * 1024, `${bytes} bytes`);
  await resident.close();
});

test("every page carries a strict content policy", async () => {
  for (const path of ["/", "/desk/sign-in", "/no-such-page"]) {
    const answer = await fetch(`${city.base}${path}`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'|default-src 'self'/, `${path}: ${policy}`);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/, path);
  }
});
