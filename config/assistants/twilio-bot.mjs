// A bot in Twilio's dialect: greets, answers three seconds of a tone to whatever is said, and stops when it is spoken into.
// npm install ws twilio jose; TOKEN=… ISSUER=http://… node twilio-bot.mjs, and in gateway.yaml: url: ws://127.0.0.1:5050/, socket: {auth-token: …}, and tokens.issuer
import http from 'node:http';
import twilio from 'twilio';
import {WebSocketServer} from 'ws';

const tone = (ms) => Buffer.from(Array.from({length: ms * 8}, (_, i) => (i % 16 < 8 ? 0x90 : 0x10)));
const loud = (sound) => sound.filter((octet) => (octet & 0x7f) < 0x50).length > 20;
const {verifier} = process.env.ISSUER ? await import(process.env.VERIFIER ?? './verify/consent-verifier.mjs') : {};
const verify = verifier?.(process.env.ISSUER, 'assistant') ?? (async () => {}); // without an issuer it believes every caller
const server = http.createServer().listen(Number(process.env.PORT ?? 5050), '127.0.0.1');
server.on('listening', () => console.log(JSON.stringify({port: server.address().port})));
const url = () => process.env.URL ?? `ws://127.0.0.1:${server.address().port}/`; // octet for octet as in gateway.yaml
const signed = ({req}) => twilio.validateRequest(process.env.TOKEN, req.headers['x-twilio-signature'] ?? '', url(), {});
new WebSocketServer({server, verifyClient: signed}).on('connection', (call) => {
  let streamSid, quiet = 0, spoken = 0, talking = false;
  const send = (message) => call.send(JSON.stringify({streamSid, ...message}));
  const say = (ms) => (send({event: 'media', media: {payload: tone(ms).toString('base64')}}), send({event: 'mark', mark: {name: 'said'}}), (talking = true));
  call.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.event === 'start') {
      const {consent_token: token, gateway_call_id: id} = message.start.customParameters;
      streamSid = message.start.streamSid;
      verify(token, id).then(() => say(1000), () => call.close(1008, 'no consent'));
    }
    if (message.event === 'mark') talking = false; // heard to its end, or taken back
    if (message.event === 'consent') console.log(JSON.stringify({consent: message.consent.state})); // and forget what was heard
    if (message.event !== 'media') return;
    const speaks = loud(Buffer.from(message.media.payload, 'base64'));
    if (speaks && talking && ++spoken > 5) send({event: 'clear'}); // 100 ms: it is being spoken into
    quiet = speaks ? 0 : quiet + 1;
    if (speaks) spoken++;
    if (!talking && spoken > 5 && quiet > 25) (spoken = 0), say(3000); // half a second of silence
  });
});
