// An OpenID provider for the tests, on a port of its own: one client, whose redirect URI is given; whoever is typed in is a member.
import Provider from "oidc-provider";
import { createServer } from "node:http";

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "yard",
      client_secret: "a-secret-of-the-yard",
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  // Without proof keys this provider refuses.
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of-the-tests-alone"] },
  async findAccount(_, id) {
    return {
      accountId: id,
      claims: async () => ({ sub: id, name: id, email: `${id}@example.com`, email_verified: true }),
    };
  },
});
createServer(provider.callback()).listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.stdin.on("end", () => process.exit()).resume();
