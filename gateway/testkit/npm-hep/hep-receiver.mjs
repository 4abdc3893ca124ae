// A collector as others write it: hep-js takes each packet apart. Prints its port, then a line of JSON for each packet.
import dgram from 'node:dgram';
import {createRequire} from 'node:module';

const hep = createRequire(import.meta.url)('hep-js');
const tell = (what) => console.log(JSON.stringify(what));
const socket = dgram.createSocket('udp4');
socket.on('message', (packet) => {
  try {
    const {rcinfo, payload} = hep.decapsulate(packet);
    tell({
      first: payload.split('\r\n', 1)[0].replace(/ sip:\S+| SIP\/2\.0$/g, ''),
      from: `${rcinfo.srcIp}:${rcinfo.srcPort}`,
      to: `${rcinfo.dstIp}:${rcinfo.dstPort}`,
      about: `${rcinfo.protocolFamily} ${rcinfo.protocol} ${rcinfo.payloadType} ${rcinfo.captureId} ${rcinfo.capturePass}`,
      call: rcinfo.correlation_id ?? '',
      payload,
    });
  } catch (e) {
    tell({refused: String(e)});
  }
});
socket.bind(0, '127.0.0.1', () => tell({port: socket.address().port}));
