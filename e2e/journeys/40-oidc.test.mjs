// Signing in through an OpenID provider: a real browser between this server and oidc-provider.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, look, person, ways } from "../support/browser.mjs";
import { startCity } from "../support/city.mjs";
import { signed, startProvider } from "../support/provider.mjs";

const CONTACT = "信息科 0635-8200000";
let provider;
let city;
let browser;
let clerk;
before(async () => {
  provider = await startProvider();
  const secret = "a secret for tests that is long enough";
  city = await startCity({
    settings: (base) => `
[oidc]
address = "${base}"
[oidc.staff]
issuer = "${provider.issuer}"
client_id = "huifa"
client_secret = "${secret}"
contact = "${CONTACT}"
[oidc.citizen]
issuer = "${provider.issuer}"
client_id = "huifa-citizen"
name = "全省统一身份认证"
claim_identity_proved = "real_name"
`,
  });
  clerk = city.accounts.find((account) => account.kind === "staff" && account.roles.some((one) => one.role === "clerk"));
  const client = (id, pages, side, more) => ({
    client_id: id,
    redirect_uris: [`${city.base}${pages}/callback`],
    post_logout_redirect_uris: [`${city.base}${pages}/left`],
    backchannel_logout_uri: `${city.base}/oidc/${side}/backchannel-logout`,
    backchannel_logout_session_required: true,
    response_types: ["code"],
    grant_types: ["authorization_code"],
    ...more,
  });
  provider.know(
    [
      client("huifa", "/desk/oidc", "staff", { client_secret: secret }),
      client("huifa-citizen", "/oidc", "citizen", {
        token_endpoint_auth_method: "none",
        id_token_signed_response_alg: "ES256",
      }),
    ],
    {
      "p-1001": { preferred_username: clerk.login, name: clerk.name },
      "p-1002": { preferred_username: "nobody.at.all" },
      "c-2001": {
        name: "李梅",
        id_number: "11010519491231002X",
        real_name: true,
        phone_number: "+8613900139000",
        phone_number_verified: true,
      },
    },
  );
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await city?.stop();
  await provider?.stop();
});

/** A browser that holds every page to its content policy, unlike the one axe looks through. */
async function plain() {
  const context = await browser.newContext({ baseURL: city.base, locale: "zh-CN" });
  context.setDefaultTimeout(15_000);
  await context.route(/googleapis/, (route) => route.abort());
  const page = await context.newPage();
  page.on("response", (answer) => {
    if (answer.url().startsWith(city.base)) assert.ok(answer.status() < 500, `${answer.status()} ${answer.url()}`);
  });
  return page;
}

/** Signs in at the provider as somebody and agrees. */
async function agree(page, subject) {
  await page.locator("input[name=login]").fill(subject);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function enterDesk(page, subject = "p-1001") {
  await page.goto("/desk/sign-in");
  await page.getByRole("button", { name: "用统一身份认证登录" }).click();
  await agree(page, subject);
}

/** Whether the desk lets this browser in. */
async function isIn(page) {
  await page.goto("/desk");
  return !page.url().includes("/desk/sign-in");
}

const reason = (page) => new URL(page.url()).searchParams.get("why");

test("staff sign in, leave here and there, and have to sign in again", async () => {
  const page = await plain();
  await enterDesk(page);
  await page.waitForURL(`${city.base}/desk`);
  assert.ok(await page.getByText(clerk.name).first().isVisible(), "the desk greets the account of the login");
  const held = await page.context().cookies(city.base);
  assert.ok(!held.some((one) => one.name === "huifa_oidc_desk"), "the sign-in left no cookie behind");

  await page.locator('form[action="/desk/sign-out"] button').click();
  await page.waitForURL("**/desk/oidc/leave");
  assert.equal(await isIn(page), false, "the session here ended first");
  await page.goto("/desk/oidc/leave");
  await page.getByRole("button", { name: "一并退出统一身份认证" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.waitForURL("**/desk/oidc/left");
  await page.goto("/desk/sign-in");
  await page.getByRole("button", { name: "用统一身份认证登录" }).click();
  assert.ok(await page.locator("input[name=login]").isVisible(), "the provider asks who it is");
  await page.context().close();
});

test("the provider insists on PKCE, and keys change between two sign-ins", async () => {
  const asked = new URL(`${provider.issuer}/auth`);
  asked.search = new URLSearchParams({
    client_id: "huifa",
    response_type: "code",
    scope: "openid",
    redirect_uri: `${city.base}/desk/oidc/callback`,
  });
  const refused = await fetch(asked, { redirect: "manual" });
  assert.match(decodeURIComponent(refused.headers.get("location") ?? ""), /PKCE/, "without PKCE nothing goes");

  for (const round of ["old keys", "new keys"]) {
    const page = await plain();
    await enterDesk(page);
    await page.waitForURL(`${city.base}/desk`);
    assert.equal(await isIn(page), true, round);
    await page.context().close();
    provider.rotate();
  }
});

test("whoever leaves at the provider is out here at once, without a browser of ours", async () => {
  const [one, other] = [await plain(), await plain()];
  for (const page of [one, other]) {
    await enterDesk(page);
    await page.waitForURL(`${city.base}/desk`);
  }
  await one.goto(`${provider.issuer}/session/end`);
  await one.getByRole("button", { name: "Yes, sign me out" }).click();
  await one.waitForLoadState();
  assert.deepEqual(provider.troubles, []);
  assert.equal(await isIn(one), false, "this session ended");
  assert.equal(await isIn(other), true, "the one on another device did not");
  await one.context().close();
  await other.context().close();

  for (const body of ["", "logout_token=", "logout_token=a.b.c"]) {
    const answer = await fetch(`${city.base}/oidc/staff/backchannel-logout`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    assert.equal(answer.status, 400, body);
    assert.match(answer.headers.get("cache-control"), /no-store/);
  }
});

test("a citizen signs in on a phone without scripts and is greeted by the proved name", async () => {
  const way = ways.find((one) => one.name === "phone-no-scripts");
  const citizen = await person(browser, city.base, way);
  const { page } = citizen;
  await page.route(/googleapis/, (route) => route.fulfill({ body: "" }));
  await page.goto("/sign-in");
  await look(page, way, "oidc-sign-in");
  await page.getByRole("button", { name: "用全省统一身份认证登录" }).click();
  await agree(page, "c-2001");
  await page.waitForURL(`${city.base}/my`);
  await page.locator('form[action="/sign-out"] button').first().click();
  await page.waitForURL("**/oidc/leave");
  await look(page, way, "oidc-leave");
  await page.getByRole("link", { name: "不用" }).click();
  await page.waitForURL("**/oidc/left");
  await look(page, way, "oidc-left");
  await citizen.close();
});

test("whoever has no account is told whom to ask", async () => {
  const way = ways[0];
  const stranger = await person(browser, city.base, way);
  const { page } = stranger;
  await page.route(/googleapis/, (route) => route.fulfill({ body: "" }));
  await enterDesk(page, "p-1002");
  await page.waitForURL("**/desk/oidc/trouble**");
  assert.equal(reason(page), "unknown");
  assert.ok(await page.getByText(CONTACT).isVisible());
  await look(page, way, "oidc-unknown");
  await stranger.close();
});

test("tokens that do not hold let nobody in", async () => {
  const page = await plain();
  await enterDesk(page);
  await page.waitForURL(`${city.base}/desk`);
  const spoils = {
    "another nonce": (header, claims, keys) => signed(header, { ...claims, nonce: "made up" }, keys),
    "another issuer": (header, claims, keys) => signed(header, { ...claims, iss: "http://127.0.0.1:1" }, keys),
    "for somebody else": (header, claims, keys) => signed(header, { ...claims, aud: "another" }, keys),
    expired: (header, claims, keys) => signed(header, { ...claims, exp: Math.floor(Date.now() / 1000) - 300 }, keys),
    "for another access token": (header, claims, keys) => signed(header, { ...claims, at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }, keys),
    unsigned: (_, claims) => `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`,
    "changed after signing": (header, claims, keys) => {
      const [head, , signature] = signed(header, claims, keys).split(".");
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: "p-1002" })).toString("base64url")}.${signature}`;
    },
  };
  for (const [name, how] of Object.entries(spoils)) {
    await page.context().clearCookies({ name: /huifa_desk$/ });
    provider.spoil(how);
    await page.goto("/desk/oidc/start");
    assert.equal(reason(page), "rejected", name);
    assert.equal(await isIn(page), false, name);
  }
  // The same hands, the same way, an honest token.
  provider.spoil(signed);
  await page.goto("/desk/oidc/start");
  assert.equal(await isIn(page), true, "what is signed anew and not changed is taken");
  provider.spoil(null);

  for (const address of ["state=made-up&code=made-up", "code=x", "error=access_denied", ""]) {
    await page.goto(`/desk/oidc/callback?${address}`);
    assert.equal(reason(page), "stale", address);
  }
  await page.context().close();
});

test("an answer in a browser that did not begin, or brought twice, is worth nothing", async () => {
  const page = await plain();
  await page.goto("/desk/oidc/start");
  await page.context().clearCookies({ name: /huifa_oidc_desk$/ });
  await agree(page, "p-1001");
  await page.waitForURL("**/desk/oidc/trouble**");
  assert.equal(reason(page), "stale", "another browser");

  let answer;
  page.on("request", (request) => {
    if (request.url().includes("/desk/oidc/callback")) answer = request.url();
  });
  await page.goto("/desk/oidc/start");
  assert.equal(await isIn(page), true);
  assert.match(answer, /[?&]code=/);
  await page.goto(answer);
  assert.equal(reason(page), "stale", "twice");
  await page.context().close();
});

test("somebody who says no at the provider comes back to a calm page", async () => {
  const page = await plain();
  await page.goto("/desk/oidc/start?to=//evil.example");
  await page.locator('a[href*="/abort"]').first().click();
  await page.waitForURL("**/desk/oidc/trouble**");
  assert.equal(reason(page), "declined");
  await page.context().close();
});

test("a provider that is down leaves the other ways in", async () => {
  await provider.stop();
  const way = ways[0];
  const citizen = await person(browser, city.base, way);
  const { page } = citizen;
  // What was read of the provider is still fresh here; coming back from it is where it shows.
  await page.goto("/oidc/trouble?why=away");
  await look(page, way, "oidc-away");
  assert.ok(await page.getByRole("link", { name: "用手机号和验证码登录" }).isVisible());
  assert.ok(await page.locator('a[href="tel:12348"]').first().isVisible());
  await page.goto("/sign-in");
  assert.ok(await page.locator('input[name="phone"]').isVisible());
  await citizen.close();

  // A server that never reached its provider says so, and lets people in by password.
  const lonely = await startCity({
    settings: () => `[oidc.staff]\nissuer = "${provider.issuer}"\nclient_id = "huifa"\n`,
  });
  try {
    const answer = await fetch(`${lonely.base}/desk/oidc/start`, { redirect: "manual" });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/desk/oidc/trouble?why=away");
    const { login, password } = lonely.accounts[0];
    assert.equal((await lonely.api("POST", "/sessions", { body: { login, password } })).kind, "staff");
  } finally {
    await lonely.stop();
  }
});
