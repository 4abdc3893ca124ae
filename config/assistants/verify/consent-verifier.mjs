// Whether a consent may be relied on. Node with jose: npm install jose. Use: await verifier(issuer, assistant)(token, callId).
import { inflateSync } from 'node:zlib';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const algorithms = ['EdDSA', 'ES256']; // never what the token says of itself

/** The claims of a token that holds now, for this assistant, in this call (X-Gateway-Call-Id); throws otherwise. */
export function verifier(issuer, assistant) {
  const keys = createRemoteJWKSet(new URL(issuer + '/.well-known/jwks.json'));
  return async (token, call) => {
    const { payload } = await jwtVerify(token, keys, { algorithms, typ: 'consent+jwt', issuer, audience: assistant, clockTolerance: 60, requiredClaims: ['exp', 'jti'] });
    if (!call || payload.call !== call) throw new Error('for another call');
    const { idx, uri } = payload.status.status_list;
    if (!uri.startsWith(issuer + '/')) throw new Error('a status list of somebody else');
    const answer = await fetch(uri);
    if (!answer.ok) throw new Error('nothing at ' + uri);
    const list = (await jwtVerify(await answer.text(), keys, { algorithms, typ: 'statuslist+jwt', subject: uri, clockTolerance: 60 })).payload.status_list;
    const octets = inflateSync(Buffer.from(list.lst, 'base64url'));
    const at = idx * list.bits;
    if (!(at >= 0 && at / 8 < octets.length) || ((octets[at >> 3] >> at % 8) & ((1 << list.bits) - 1)) !== 0) throw new Error('the consent has ended');
    return payload;
  };
}

// node consent-verifier.mjs ISSUER ASSISTANT CALL TOKEN: prints the claims, or why not (exit code 1)
if (process.argv[1] === (await import('node:url')).fileURLToPath(import.meta.url)) {
  const [issuer, assistant, call, token] = process.argv.slice(2);
  try {
    console.log(JSON.stringify(await verifier(issuer, assistant)(token, call)));
  } catch (refused) {
    console.log('refused: ' + refused.message);
    process.exitCode = 1;
  }
}
