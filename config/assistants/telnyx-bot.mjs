// A bot in Telnyx' dialect: greets, answers three seconds of a tone to whatever is said, and stops when it is spoken into.
// npm install ws; KEY=… node telnyx-bot.mjs, and in gateway.yaml: url: ws://127.0.0.1:5050/, dialect: telnyx, socket: {bearer-file: …}
import http from 'node:http';
import {WebSocketServer} from 'ws';

const tone = (ms) => Buffer.from(Array.from({length: ms * 8}, (_, i) => (i % 16 < 8 ? 0x85 : 0x05))); // A-law
const loud = (sound) => sound.filter((octet) => ((octet ^ 0x55) & 0x7f) > 0x2b).length > 20;
const server = http.createServer().listen(Number(process.env.PORT ?? 5050), '127.0.0.1');
server.on('listening', () => console.log(JSON.stringify({port: server.address().port})));
const known = ({req}) => req.headers.authorization === `Bearer ${process.env.KEY}`;
new WebSocketServer({server, verifyClient: known}).on('connection', (call) => {
  let quiet = 0, spoken = 0, talking = false;
  const send = (message) => call.send(JSON.stringify(message));
  const say = (ms) => (send({event: 'media', media: {payload: tone(ms).toString('base64')}}), send({event: 'mark', mark: {name: 'said'}}), (talking = true));
  call.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.event === 'start') say(1000); // message.start.custom_parameters.consent_token: see verify/
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
