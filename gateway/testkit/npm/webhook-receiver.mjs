// A receiver as others write it: standardwebhooks checks each delivery, cloudevents reads it.
// SECRETS: whsec_…, by commas: one each per path /0, /1 …; PUBLIC: whpk_…, by which v1a is checked with Node's own crypto. Prints its port, then
// a line of JSON for each delivery.
import http from 'node:http';
import crypto from 'node:crypto';
import {Webhook} from 'standardwebhooks';
import {HTTP} from 'cloudevents';

const tell = (what) => console.log(JSON.stringify(what));
const webhooks = process.env.SECRETS.split(',').map((secret) => new Webhook(secret));
const x = Buffer.from(process.env.PUBLIC.slice('whpk_'.length), 'base64').toString('base64url');
const publicKey = crypto.createPublicKey({key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'});

function publicSignature(headers, body) {
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  return headers['webhook-signature'].split(' ')
      .filter((one) => one.startsWith('v1a,'))
      .some((one) => crypto.verify(null, signed, publicKey, Buffer.from(one.slice(4), 'base64')));
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    try {
      webhooks[Number(request.url.slice(1))].verify(body.toString('utf8'), request.headers);
      const event = HTTP.toEvent({headers: request.headers, body: body.toString('utf8')});
      event.validate();
      if (!publicSignature(request.headers, body)) {
        throw new Error('v1a does not hold');
      }
      tell({delivered: event.type, id: event.id, same: event.id === request.headers['webhook-id'], event: event.toJSON()});
      response.writeHead(204).end();
    } catch (error) {
      tell({refused: String(error), id: request.headers['webhook-id'] ?? ''});
      response.writeHead(400).end();
    }
  });
});
server.listen(0, '127.0.0.1', () => tell({port: server.address().port}));
