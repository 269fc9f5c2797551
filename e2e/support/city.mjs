// The demonstration city under test: one server of our own, on a port nobody uses, with its people.
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Starts `huifa demo` and waits until it is ready; `settings` is its huifa.toml, or gives it, knowing the address. */
export async function startCity({ settings } = {}) {
  const program = process.env.HUIFA_BIN ?? join(root, "target", "debug", "huifa");
  const parent = join(root, "var", "e2e");
  mkdirSync(parent, { recursive: true });
  const data = mkdtempSync(join(parent, "city-"));
  const port = await freePort();
  const written = typeof settings === "function" ? settings(`http://127.0.0.1:${port}`) : settings;
  if (written) writeFileSync(join(data, "huifa.toml"), written);
  const log = join(data, "server.log");
  const out = openSync(log, "a");
  const server = spawn(program, ["demo", "--data", data, "--listen", `127.0.0.1:${port}`, "--history", "0"], {
    stdio: ["ignore", out, out],
    env: { HUIFA_FONTS: join(root, "assets", "fonts"), ...process.env, HUIFA_LIMITS: "off" },
  });
  let ended;
  server.on("exit", (code, signal) => (ended = `ended with ${code ?? signal}`));
  server.on("error", (error) => (ended = String(error)));
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (ended || tries > 1200) throw new Error(`the server ${ended ?? "was never ready"}:\n${tail(log)}`);
    if (await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const accounts = JSON.parse(readFileSync(join(data, "demo-accounts.json"), "utf8"));
  return {
    base,
    accounts,
    /** What the server has logged so far. */
    logged: () => readFileSync(log, "utf8"),
    /** Runs a command of the program on this city's data; gives what it printed, as JSON. */
    command(...words) {
      const done = spawnSync(program, ["--json", "--data", data, ...words], { encoding: "utf8" });
      if (done.status !== 0) throw new Error(`huifa ${words.join(" ")} ended with ${done.status}: ${done.stderr}`);
      return JSON.parse(done.stdout);
    },
    /** Stops the server; its data goes with it. */
    async stop() {
      if (!ended) {
        server.kill("SIGTERM");
        await new Promise((resolve) => server.on("exit", resolve));
      }
      rmSync(data, { recursive: true, force: true });
    },
    /** A call of the published API; the body as JSON, and an error on anything but 2xx. */
    async api(method, path, { token, body } = {}) {
      const answer = await fetch(`${base}/api/v1${path}`, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body ? { "content-type": "application/json", "idempotency-key": randomUUID() } : {}),
        },
        body: body ? JSON.stringify(body) : undefined,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return text ? JSON.parse(text) : null;
    },
    /** Accounts that may answer this entry of `waiting_for`. */
    whoMay(waiting) {
      return accounts.filter(
        (account) =>
          (!waiting.login || waiting.login === account.login) &&
          account.roles.some(
            (grant) =>
              grant.role === waiting.role &&
              (waiting.login === account.login ||
                (grant.organisation && grant.organisation === waiting.organisation) ||
                (waiting.area.startsWith(stem(grant.area)) &&
                  (!waiting.organisation || !grant.organisation || grant.organisation === waiting.organisation))),
          ),
      );
    },
  };
}

/** The digits of an area code that say something. */
function stem(area) {
  for (const digits of [2, 4, 6, 9]) if (/^0*$/.test(area.slice(digits))) return area.slice(0, digits);
  return area;
}

function tail(file) {
  return readFileSync(file, "utf8").split("\n").slice(-30).join("\n");
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
