// A bot as its builders write it: OpenAI's agents SDK behind Twilio's Media Streams, with a stand-in for the model.
// GREETING: what the model says, µ-law in Base64; TOKEN: Twilio's auth token. Prints its port, then a line of JSON for each thing that happens.
import http from 'node:http';
import twilio from 'twilio';
import {WebSocketServer} from 'ws';
import {RealtimeAgent, RealtimeSession} from '@openai/agents/realtime';
import {TwilioRealtimeTransportLayer} from '@openai/agents-extensions';

const tell = (what) => console.log(JSON.stringify(what));
const greeting = Buffer.from(process.env.GREETING, 'base64');
const server = http.createServer();
const calls = new WebSocketServer({noServer: true});
const models = new WebSocketServer({noServer: true});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const port = server.address().port;
tell({port});

server.on('upgrade', (request, socket, head) => {
  if (request.url.startsWith('/v1/realtime')) {
    models.handleUpgrade(request, socket, head, (model) => models.emit('connection', model));
    return;
  }
  const url = `ws://127.0.0.1:${port}${request.url}`;
  const signed = twilio.validateRequest(process.env.TOKEN, request.headers['x-twilio-signature'] ?? '', url, {});
  tell({signed});
  if (signed) {
    calls.handleUpgrade(request, socket, head, (call) => calls.emit('connection', call));
  } else {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  }
});

calls.on('connection', async (call) => {
  const transport = new TwilioRealtimeTransportLayer({
    twilioWebSocket: call,
    url: `ws://127.0.0.1:${port}/v1/realtime?model=stand-in`,
  });
  transport.on('*', (event) => {
    if (event.type === 'twilio_message' && !['media', 'mark'].includes(event.message.event)) tell({heard: event.message});
  });
  const session = new RealtimeSession(new RealtimeAgent({name: 'bot', instructions: 'Greet.'}), {
    transport,
    config: {audio: {output: {voice: 'verse'}}},
  });
  session.on('error', (error) => tell({error: String(error?.error?.message ?? error?.error ?? error)}));
  await session.connect({apiKey: 'sk-test'});
});

models.on('connection', (model) => {
  let events = 0;
  const send = (message) => model.send(JSON.stringify({event_id: `e${++events}`, ...message}));
  // In tenths of a second, so that what was heard is known as exactly.
  const say = (response, item, sound) => {
    send({type: 'response.created', response: {id: response, object: 'realtime.response', status: 'in_progress', output: []}});
    send({
      type: 'response.output_item.added',
      response_id: response,
      output_index: 0,
      item: {id: item, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant', content: []},
    });
    for (let at = 0; at < sound.length; at += 800) {
      const delta = sound.subarray(at, at + 800).toString('base64');
      send({type: 'response.output_audio.delta', response_id: response, item_id: item, output_index: 0, content_index: 0, delta});
    }
  };
  let appended = 0;
  send({type: 'session.created', session: {type: 'realtime', id: 'sess_1', model: 'stand-in', audio: {}}});
  model.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'session.update') {
      send({type: 'session.updated', session: message.session});
      if (appended === 0) say('resp_1', 'item_1', greeting);
    } else if (message.type === 'input_audio_buffer.append') {
      appended += Buffer.from(message.audio, 'base64').length;
      if (appended >= 5 * 8000 && events < 1000) {
        events = 1000;
        say('resp_2', 'item_2', Buffer.alloc(10 * 8000, 0x7f));
        setTimeout(() => send({type: 'input_audio_buffer.speech_started', audio_start_ms: 0, item_id: 'item_3'}), 1500);
      }
    } else if (message.type === 'conversation.item.truncate') {
      tell({truncated: message.audio_end_ms});
    }
  });
  model.on('close', () => tell({over: true, appended}));
});
