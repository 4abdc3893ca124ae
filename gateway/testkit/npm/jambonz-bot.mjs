// A bot as its builders write it: jambonz' own SDK at the end of a listen verb.
// GREETING: what it says, L16 in Base64. Prints its port, then a line of JSON for each thing that happens.
import http from 'node:http';
import {createEndpoint} from '@jambonz/sdk/websocket';

const tell = (what) => console.log(JSON.stringify(what));
const greeting = Buffer.from(process.env.GREETING, 'base64');
const quiet = {info() {}, error: (...what) => tell({error: what.map(String)}), debug() {}, warn() {}};
const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
tell({port: server.address().port});

createEndpoint({server, logger: quiet})
  .audio({path: '/audio'})
  .on('connection', (call) => {
    tell({metadata: call.metadata});
    let loud = 0;
    call.sendAudio(greeting);
    call.sendMark('greeting');
    call.on('audio', (sound) => {
      if (sound.length !== 320) tell({error: `${sound.length} octets`});
      const peak = Math.max(...new Int16Array(sound.buffer, sound.byteOffset, sound.length / 2).map(Math.abs));
      if (peak > 2000 && ++loud === 25) tell({loud: true});
    });
    call.on('mark', (mark) => tell({mark: mark.event ?? mark.data?.event ?? mark}));
    call.on('dtmf', (key) => tell({dtmf: key.digit ?? key.dtmf ?? key}));
    call.on('close', (code) => tell({closed: code}));
  });
