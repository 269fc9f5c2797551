// People are told: through a gateway that fails in every way and a real mail server; links that need a tap.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { startCity } from "../support/city.mjs";
import { KEY, startGateway } from "../support/gateway.mjs";
import { visitor } from "../support/visitor.mjs";

const ITEM = "consultation.text";
const MAIL = "resident@mail.example";
let gateway;
let mails;
let city;
let example;

before(async () => {
  gateway = await startGateway();
  mails = await startMail();
  city = await startCity({
    settings: (base) => `
[notices]
public_url = "${base}"
quiet = ["00:00", "00:00"]
pause_seconds = 1
tries = 3
[sms]
url = "${gateway.url}"
key = "${KEY}"
timeout_seconds = 1
[smtp]
host = "127.0.0.1"
privacy = "none"
port = ${mails.port}
from = "惠法 <no-reply@huifa.example>"
timeout_seconds = 5
`,
  });
  example = (await city.api("GET", `/items/${ITEM}`)).examples[0].body;
});
after(async () => {
  await city?.stop();
  await mails?.stop();
  await gateway?.stop();
});

/** A mail server that refuses once with "try again", as grey lists do. */
async function startMail() {
  const kept = [];
  const refused = new Set();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (part) => (text += part));
      stream.on("end", () => {
        const id = text.match(/^Message-ID: *<(.*)>/im)?.[1];
        const proof = session.envelope.mailFrom && !refused.size;
        if (!proof && !refused.has(id)) {
          refused.add(id);
          return done(Object.assign(new Error("come back later"), { responseCode: 451 }));
        }
        refused.add(id);
        kept.push({ id, to: session.envelope.rcptTo.map((one) => one.address), text });
        done();
      });
    },
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { kept, refused, port: server.server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

function open(phone, token) {
  const body = { ...example, door: "web", applicant: { ...example.applicant, phone } };
  return city.api("POST", "/matters", { body, token });
}

/** Waits until something holds; fails with what was seen last. */
async function until(what, look) {
  let seen;
  for (let tries = 0; tries < 300; tries += 1) {
    seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never: ${what}`);
}

/** A member of staff who sees this matter, at the desk. */
async function desk(number, code) {
  const guest = (await city.api("POST", "/sessions", { body: { number, query_code: code } })).token;
  const matter = await city.api("GET", `/matters/${number}`, { token: guest });
  // Of the office itself: what an office is told lies in its own inbox.
  const waiting = matter.waiting_for[0];
  const place = waiting.organisation.split(".").pop();
  const own = (one) => one.login.includes(place);
  const account = city.whoMay(waiting).find(own);
  const staff = visitor(city.base);
  const page = await staff.open("/desk/sign-in");
  await staff.submit(page, "/desk/sign-in", { login: account.login, password: account.password });
  return staff;
}

test("a gateway that refuses, hangs, fails, is busy, slow or speaks nonsense: each message arrives once", async () => {
  const failing = ["refuse", "hang", "broken", "busy", "malformed", "slow", "huge"];
  const phones = new Map(failing.map((way, index) => [`1390000100${index}`, way]));
  for (const [phone, way] of phones) gateway.script.set(phone, [way]);
  await Promise.all([...phones.keys()].map((phone) => open(phone)));
  await until("every message is accepted", () =>
    [...phones.keys()].every((phone) => [...gateway.messages.values()].some((one) => one.to === phone)),
  );
  // Long enough for anything sent twice to show.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  for (const [phone, way] of phones) {
    const tries = gateway.to(phone);
    assert.deepEqual(tries.map((one) => one.way), [way, "accept"], phone);
    assert.equal(new Set(tries.map((one) => one.id)).size, 1, `${way}: one delivery id in every try`);
    if (way === "busy") assert.ok(tries[1].at - tries[0].at >= 1900, "Retry-After is kept");
    const { text, template, params } = tries[1];
    assert.match(text, /^【惠法】.*3715.*12348/, text);
    assert.doesNotMatch(text, /咨询法律|法律援助|调解|张|李|王/, "neither item nor person");
    assert.equal(template, "notice-sms-received");
    assert.ok(params.number && params.link.startsWith(`${city.base}/n/`));
    assert.doesNotMatch(params.link, /3715|139/, "no number in an address");
  }
  assert.deepEqual(gateway.faults, []);
});

test("receipts: forged ones are refused, repeats change nothing, and one that failed makes the office call", async () => {
  const phone = "13900002001";
  const { number, query_code: code } = await open(phone);
  const [sent] = await until("handed over", () => gateway.to(phone).length && gateway.to(phone));
  const receipt = { id: sent.id, status: "failed", reason: "unknown subscriber" };
  assert.equal(await gateway.receipt(city.base, receipt, { signature: `sha256=${"0".repeat(64)}` }), 401);
  assert.equal(await gateway.receipt(city.base, receipt, { shift: -3600 }), 401, "an old one played again");
  assert.equal(await gateway.receipt(city.base, { id: "unknown", status: "failed" }), 404);
  assert.equal(await gateway.receipt(city.base, { ...receipt, status: "maybe" }), 400);
  const staff = await desk(number, code);
  const page = `/desk/matters/${number}`;
  await until("the page says it was sent", async () => (await staff.open(page)).html.includes("已发出"));
  for (let times = 0; times < 3; times += 1) assert.equal(await gateway.receipt(city.base, receipt), 204);
  const shown = await staff.open(page);
  assert.match(shown.html, /没有送到，请打电话告知/);
  const action = shown.html.match(/action="([^"]*\/called)"/)[1];
  const called = await staff.submit(shown, action);
  assert.equal(called.status, 200);
  assert.doesNotMatch(called.html, /没有送到，请打电话告知/);
  assert.match(called.html, /已有人打过电话/);
  assert.equal(await gateway.receipt(city.base, { id: sent.id, status: "delivered" }), 204, "it arrived after all");
  assert.match((await staff.open(page)).html, /已送达/);
});

test("a number that takes nothing is given up at once, one that never answers at the end; the office is told", async () => {
  gateway.script.set("13900003001", ["reject"]);
  gateway.script.set("13900003002", ["broken", "broken", "broken", "accept"]);
  const opened = await Promise.all(["13900003001", "13900003002"].map((phone) => open(phone)));
  for (const { number, query_code: code } of opened) {
    const staff = await desk(number, code);
    await until("the office must call", async () =>
      (await staff.open(`/desk/matters/${number}`)).html.includes("没有送到，请打电话告知"),
    );
    await until("the office is told", async () => (await staff.open("/desk/messages")).html.includes("请打电话告知"));
  }
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(gateway.to("13900003001").length, 1);
  assert.equal(gateway.to("13900003002").length, 3, "three tries, then an end");
});

test("codes come by short message; a mail address is proved by a tap, never by whoever opens a link", async () => {
  const phone = "13900004001";
  const resident = visitor(city.base);
  let page = await resident.open("/sign-in");
  page = await resident.submit(page, "/sign-in", { phone });
  const code = await until("a code", () => gateway.to(phone)[0]?.params.code);
  assert.match(gateway.to(phone)[0].text, /^【便民提醒】/, "a code does not say who writes");
  page = await resident.submit(page, "/sign-in", { sms: code });
  assert.equal(page.status, 200);

  page = await resident.open("/my/messages");
  page = await resident.submit(page, "/my/messages/mail", { mail: "no address" });
  assert.match(page.html, /不是一个邮箱地址/);
  assert.match(page.html, /value="no address"/, "what was typed stays");
  page = await resident.submit(page, "/my/messages/mail", { mail: MAIL });
  assert.match(page.html, /已向 resident@mail.example 发出确认邮件/);
  const proof = await until("the proof", () => mails.kept[0]);
  const link = new URL(decoded(proof.text).match(/http:\S+\/n\/\S+/)[0]);

  // Scanners open every address they see, with and without cookies.
  for (let times = 0; times < 50; times += 1) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fetch(link, { method: index % 2 ? "HEAD" : "GET" }).then((answer) => answer.status),
      ),
    );
    assert.ok(answers.every((status) => status === 200), "1,000 openings, each the same page");
  }
  assert.match((await resident.open("/my/messages")).html, /已向 resident/, "still not proved");
  const anybody = visitor(city.base);
  page = await anybody.open(link.pathname);
  const tapped = await anybody.submit(page, link.pathname);
  assert.match(tapped.html, /邮箱已确认/);
  assert.equal((await anybody.submit(page, link.pathname)).status, 410, "once");
  assert.match((await resident.open("/my/messages")).html, /提醒会同时发到 resident/);

  // From now on everything comes by mail too; the server says "later" first.
  const again = gateway.to(phone).length;
  await city.api("POST", "/sessions/code", { body: { phone } });
  const next = await until("another code", () => gateway.to(phone)[again]?.params.code);
  const { token } = await city.api("POST", "/sessions", { body: { phone, code: next } });
  const { number, query_code: query } = await open(phone, token);
  const mail = await until("a mail", () => mails.kept[1]);
  assert.equal(mails.kept.length, 2, "refused once, kept once");
  assert.ok(mails.refused.has(mail.id));
  assert.deepEqual(mail.to, [MAIL]);
  assert.match(mail.text, /text\/plain/);
  assert.match(mail.text, /text\/html/);
  assert.match((await resident.open("/my")).html, /我的消息（1条未读）/);
  page = await resident.open("/my/messages");
  assert.match(page.html, /您的办件已经收到/);
  page = await resident.submit(page, "/my/messages");
  assert.doesNotMatch(page.html, /全部标为已读/);

  // The link of the short message leads to the matter only with its code.
  const short = await until("the message", () => gateway.to(phone).find((one) => one.params.link));
  const way = new URL(short.params.link).pathname;
  const stranger = visitor(city.base);
  page = await stranger.open(way);
  assert.doesNotMatch(page.html, /3715/, "opening says nothing");
  page = await stranger.submit(page, way);
  assert.match(page.html, /查询码/);
  assert.doesNotMatch(page.html, /您的办件已经收到|办理进展/);
  page = await stranger.submit(page, "/progress", { number, code: query });
  assert.equal(page.status, 200);
  assert.match(page.html, new RegExp(number.replace(/(.{4})(?=.)/g, "$1 ")));

  const logged = city.logged();
  for (const secret of [phone, MAIL, link.pathname.split("/").pop(), code, "13900001000"]) {
    assert.ok(!logged.includes(secret), `the log holds ${secret}`);
  }
});

/** A mail's text, whatever its encoding. */
function decoded(text) {
  const parts = text.split(/\r\n\r\n/);
  return parts
    .map((part, index) => {
      const head = parts[index - 1] ?? "";
      if (/base64\s*$/i.test(head) || /transfer-encoding: base64/i.test(head)) {
        return Buffer.from(part.replace(/\s+|--.*$/gs, ""), "base64").toString("utf8");
      }
      return part.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    })
    .join("\n");
}
