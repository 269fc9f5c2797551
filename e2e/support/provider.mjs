// An OpenID provider of our own on loopback: oidc-provider, whose keys can be changed, which can be stopped, and
// whose token answers can be spoiled on their way.
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** Starts a provider that knows nobody yet: `know` tells it its clients and people. */
export async function startProvider() {
  let application = null;
  let keys = null;
  let spoil = null;
  let told = null;
  const server = createServer((request, response) => {
    if (!application) return response.writeHead(503).end();
    if (spoil && request.method === "POST" && request.url === "/token") return spoiled(request, response);
    return application(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const issuer = `http://127.0.0.1:${port}`;

  function build() {
    const provider = new Provider(issuer, {
      clients: told.clients,
      jwks: { keys: keys.map((key) => key.jwk) },
      cookies: { keys: ["a key for cookies in tests"] },
      pkce: { required: () => true },
      claims: {
        openid: ["sub"],
        profile: ["name", "preferred_username", "id_number", "real_name"],
        phone: ["phone_number", "phone_number_verified"],
      },
      // The provider keeps away from loopback addresses, where this test lives.
      fetch: (address, { dispatcher: _, ...rest }) => fetch(address, rest),
      features: {
        devInteractions: { enabled: true },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: { enabled: true },
      },
      findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...told.people[id] }) }),
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    });
    for (const event of ["server_error", "backchannel.error"]) {
      provider.on(event, (_, error) => troubles.push(`${event}: ${error} ${error.cause ?? ""}`.trim()));
    }
    application = provider.callback();
  }
  const troubles = [];

  /** Hands a token answer on with its ID token changed. */
  function spoiled(request, response) {
    const real = response.end.bind(response);
    const chunks = [];
    response.write = (chunk) => chunks.push(Buffer.from(chunk));
    response.end = (chunk) => {
      if (chunk) chunks.push(Buffer.from(chunk));
      const answer = JSON.parse(Buffer.concat(chunks).toString());
      if (answer.id_token) {
        const [header, payload] = answer.id_token.split(".").map((part) => Buffer.from(part, "base64url").toString());
        answer.id_token = spoil(JSON.parse(header), JSON.parse(payload || "{}"), keys);
      }
      const body = JSON.stringify(answer);
      response.setHeader("content-length", Buffer.byteLength(body));
      return real(body);
    };
    return application(request, response);
  }

  return {
    issuer,
    /** What went wrong inside the provider. */
    troubles,
    /** Clients and people: `{id: claims}`. */
    know(clients, people) {
      told = { clients, people };
      keys = fresh(1);
      build();
    },
    /** New keys; the old ones are gone. */
    rotate() {
      keys = fresh(Number(keys[0].jwk.kid.split("-")[1]) + 1);
      build();
    },
    /** Changes ID tokens until it is told to stop; `how(header, claims, keys)` makes the token. */
    spoil(how) {
      spoil = how;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A signed token. */
export function signed(header, claims, keys) {
  const key = keys.find((one) => one.jwk.alg === header.alg) ?? keys[0];
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part(header)}.${part(claims)}`;
  const made = sign("sha256", Buffer.from(input), { key: key.secret, dsaEncoding: "ieee-p1363" });
  return `${input}.${made.toString("base64url")}`;
}

function fresh(number) {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  return [
    { secret: rsa, jwk: { ...rsa.export({ format: "jwk" }), kid: `rsa-${number}`, use: "sig", alg: "RS256" } },
    { secret: ec, jwk: { ...ec.export({ format: "jwk" }), kid: `ec-${number}`, use: "sig", alg: "ES256" } },
  ];
}
