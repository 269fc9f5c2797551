// A gateway for short messages on this machine that fails in every way it is asked to, and a client that tells
// receipts. It keeps to the contract: one delivery id is one message, however often it is handed over.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

export const KEY = "a key both sides know well";

const sign = (seconds, body) => `sha256=${createHmac("sha256", KEY).update(`${seconds}.${body}`).digest("hex")}`;

/** Ways to answer one request; each returns whether the message was taken. */
const ways = {
  accept: (answer, id) => reply(answer, 200, JSON.stringify({ status: "accepted", provider_id: `p-${id}` })),
  refuse: (answer) => answer.socket.destroy(),
  hang: () => {},
  broken: (answer) => reply(answer, 500, "no"),
  busy: (answer) => reply(answer, 429, "", { "retry-after": "2" }),
  malformed: (answer) => reply(answer, 200, "<html>"),
  slow: (answer) => {
    answer.writeHead(200, { "content-type": "application/json", "content-length": "40" });
    answer.write("{");
  },
  huge: (answer) => reply(answer, 200, `{"status":"${"x".repeat(200_000)}"}`),
  reject: (answer) => reply(answer, 200, JSON.stringify({ status: "rejected", reason: "blacklisted" })),
};

function reply(answer, status, body, headers = {}) {
  answer.writeHead(status, { "content-type": "application/json", ...headers });
  answer.end(body);
}

export async function startGateway() {
  const script = new Map(); // phone → ways still to come
  const handed = []; // every request, in order
  const messages = new Map(); // id → message, once
  const faults = [];
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const message = JSON.parse(body);
      const given = Buffer.from(String(request.headers["x-huifa-signature"]));
      const right = Buffer.from(sign(request.headers["x-huifa-timestamp"], body));
      if (given.length !== right.length || !timingSafeEqual(given, right)) faults.push(`not signed: ${body}`);
      if (request.headers["idempotency-key"] !== message.id) faults.push(`another key: ${body}`);
      const way = script.get(message.to)?.shift() ?? "accept";
      handed.push({ way, ...message, at: Date.now() });
      if (way === "accept") messages.set(message.id, message);
      ways[way](answer, message.id);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/send`,
    script,
    handed,
    messages,
    faults,
    to: (phone) => handed.filter((one) => one.to === phone),
    /** Tells a receipt as the operator would; gives the status. */
    async receipt(base, receipt, { signature, shift = 0 } = {}) {
      const body = JSON.stringify(receipt);
      const seconds = String(Math.floor(Date.now() / 1000) + shift);
      const headers = {
        "content-type": "application/json",
        "x-huifa-timestamp": seconds,
        "x-huifa-signature": signature ?? sign(seconds, body),
      };
      return (await fetch(`${base}/api/v1/sms/receipts`, { method: "POST", headers, body })).status;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
