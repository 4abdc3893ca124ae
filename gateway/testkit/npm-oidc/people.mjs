// An OpenID Connect provider (oidc-provider) by whose accounts people sign in with a browser, told by a file:
//   {"client": …, "secret": …, "redirect": …, "afterSignOut": …, "people": {"anna": {"name": …, "roles": […]}}}
// Any password will do. Prints its issuer when it can be asked.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { client, secret, redirect, afterSignOut, people } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  // Another site than the console's localhost: as it is with a real provider, cookies of ours that are strict do not come back with its redirect.
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client,
      client_secret: secret,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [redirect],
      post_logout_redirect_uris: [afterSignOut],
    }],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    // With the ID token, as Keycloak and Entra ID put them there.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ["of-this-test"] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
