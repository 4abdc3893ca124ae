// Accepts calls that come to OpenAI's SIP (Realtime and GPT-Live) or to xAI's only with a consent that holds. Node 20, npm install jose.
// ISSUER=https://consent.example.com ASSISTANT=assistant WEBHOOK_SECRET=whsec_… API_KEY=sk-… node openai-sip.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { verifier } from '../verify/consent-verifier.mjs';

const { ISSUER, ASSISTANT, WEBHOOK_SECRET, API_KEY, API = 'https://api.openai.com', PORT = '8088' } = process.env;
const verify = verifier(ISSUER, ASSISTANT);
const seen = new Set(); // a token opens one call, once

// Which event it is, where to answer, and what to say to whom agreed. Purposes: never do more than claims.pur allows.
const KINDS = {
  'realtime.call.incoming': (data) => ['/v1/realtime/calls/' + data.call_id, { type: 'realtime', model: 'gpt-realtime' }],
  'live.transport.incoming': (data) => ['/v1/live/sessions/' + data.session_id, { session: { type: 'live', model: 'gpt-live-1' } }],
};

/** Standard Webhooks: HMAC-SHA-256 over id.timestamp.body, not older than five minutes. */
function isSigned(headers, body) {
  const [id, at] = [headers['webhook-id'], headers['webhook-timestamp']];
  const key = Buffer.from((WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest();
  const given = (headers['webhook-signature'] ?? '').split(' ').filter((s) => s.startsWith('v1,')).map((s) => Buffer.from(s.slice(3), 'base64'));
  return key.length > 0 && Math.abs(Date.now() / 1000 - at) < 300 && given.some((s) => s.length === wanted.length && timingSafeEqual(s, wanted));
}

/** The one value of a header; what comes twice is nobody's. */
function only(sipHeaders, name) {
  const found = (sipHeaders ?? []).filter((each) => each.name.toLowerCase() === name);
  return found.length === 1 ? found[0].value : '';
}

async function answer(event) {
  const kind = KINDS[event.type];
  if (!kind) return;
  const [path, session] = kind(event.data);
  const post = (verb, body) => fetch(API + path + verb, { method: 'POST', headers: { authorization: 'Bearer ' + API_KEY, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  try {
    const call = only(event.data.sip_headers, 'x-gateway-call-id');
    const claims = await verify(only(event.data.sip_headers, 'x-consent-token'), call);
    if (seen.has(call)) throw new Error('seen before');
    seen.add(call);
    console.log('accepted', claims.jti, claims.pur);
    await post('/accept', session);
  } catch (refused) {
    console.log('rejected', refused.message);
    await post('/reject', { status_code: 603 });
  }
}

createServer(async (request, response) => {
  let body = '';
  for await (const part of request.setEncoding('utf8')) if ((body += part).length > 100_000) return request.destroy();
  if (!isSigned(request.headers, body)) return response.writeHead(401).end();
  response.writeHead(200).end(); // first: they wait for no more than a few seconds
  await answer(JSON.parse(body)).catch((failed) => console.log('failed', failed.message));
}).listen(Number(PORT), () => console.log('listening'));
