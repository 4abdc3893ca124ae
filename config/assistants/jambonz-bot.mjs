// A bot as jambonz' listen verb speaks to it: greets, answers three seconds of a tone to whatever is said, and stops when it is spoken into.
// npm install ws; KEY=… node jambonz-bot.mjs, and in gateway.yaml: url: ws://127.0.0.1:5050/, dialect: jambonz, socket: {bearer-file: …}
import http from 'node:http';
import {WebSocketServer} from 'ws';

const tone = (ms) => Buffer.from(Int16Array.from({length: ms * 8}, (_, i) => (i % 16 < 8 ? 6000 : -6000)).buffer); // 8 kHz, low octet first
const loud = (sound) => Array.from({length: sound.length / 2}, (_, i) => sound.readInt16LE(2 * i)).filter((sample) => Math.abs(sample) > 900).length > 20;
const server = http.createServer().listen(Number(process.env.PORT ?? 5050), '127.0.0.1');
server.on('listening', () => console.log(JSON.stringify({port: server.address().port})));
const known = ({req}) => req.headers.authorization === `Bearer ${process.env.KEY}`;
new WebSocketServer({server, verifyClient: known}).on('connection', (call) => {
  let quiet = 0, spoken = 0, talking = false;
  const send = (type, data) => call.send(JSON.stringify({type, data}));
  const say = (ms) => (call.send(tone(ms)), send('mark', {name: 'said'}), (talking = true));
  call.on('message', (data, isSound) => {
    const message = isSound ? {} : JSON.parse(data);
    if (message.callSid) say(1000); // the first one; message.consent_token: see verify/
    if (message.type === 'mark') talking = false; // heard to its end, or taken back
    if (message.event === 'consent') console.log(JSON.stringify({consent: message.consent.state})); // and forget what was heard
    if (!isSound) return;
    const speaks = loud(data);
    if (speaks && talking && ++spoken > 5) send('killAudio'); // 100 ms: it is being spoken into
    quiet = speaks ? 0 : quiet + 1;
    if (speaks) spoken++;
    if (!talking && spoken > 5 && quiet > 25) (spoken = 0), say(3000); // half a second of silence
  });
});
