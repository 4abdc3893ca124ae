// One call: sound both ways over a WebSocket to the host that this page came from, keys, and news of the call.

const ALIVE_MILLIS = 10000;

export class Call {
  /**
   * @param told takes each thing that has happened
   * @param ended takes why it is over: an empty text, or the server's reason
   */
  constructor(told, ended) {
    this.told = told;
    this.ended = ended;
    this.muted = false;
    this.spoke = 0;
    this.left = false;
  }

  /** Returns "microphone", "denied" or "none": whether the person is heard. */
  async place(line) {
    this.audio = new AudioContext({ latencyHint: "interactive" });
    await this.audio.resume();
    const [microphone] = await Promise.all([this.microphone(), this.audio.audioWorklet.addModule("/try/sound.js")]);
    if (this.left) return "left";
    this.sound = new AudioWorkletNode(this.audio, "telephone", { numberOfOutputs: 1, outputChannelCount: [1] });
    this.meter = this.audio.createAnalyser();
    this.meter.fftSize = 512;
    this.sound.connect(this.meter);
    this.meter.connect(this.audio.destination);
    if (this.stream) this.audio.createMediaStreamSource(this.stream).connect(this.sound);
    this.connect(line);
    return microphone;
  }

  async microphone() {
    if (!navigator.mediaDevices) return "none";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: false, autoGainControl: true },
      });
      if (this.left) this.stream.getTracks().forEach((track) => track.stop());
      return "microphone";
    } catch (error) {
      return error.name === "NotAllowedError" ? "denied" : "none";
    }
  }

  connect(line) {
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    this.socket = new WebSocket(scheme + location.host + "/try/call?line=" + encodeURIComponent(line));
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => {
      if (typeof event.data === "string") this.told(JSON.parse(event.data));
      else this.sound.port.postMessage(event.data, [event.data]);
    };
    this.socket.onclose = (event) => this.over(event.reason || (event.code === 1000 ? "" : "lost"));
    this.sound.port.onmessage = (event) => this.says(event.data);
    this.alive = setInterval(() => this.send("here"), ALIVE_MILLIS);
  }

  says(frame) {
    const samples = new Int16Array(frame);
    let peak = 0;
    for (const value of samples) peak = Math.max(peak, Math.abs(value));
    this.spoke = this.muted ? 0 : peak / 32768;
    if (!this.muted && this.socket.bufferedAmount < 16000) this.send(frame);
  }

  /** How loud the gateway is now, 0 to 1. */
  hears() {
    if (!this.meter) return 0;
    const samples = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(samples);
    return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }

  press(key) {
    this.send(key);
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message);
  }

  hangUp() {
    if (this.socket?.readyState === WebSocket.OPEN) this.send("bye");
    else this.over("");
  }

  over(why) {
    if (this.left) return;
    this.left = true;
    clearInterval(this.alive);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.socket?.close();
    this.audio?.close();
    this.ended(why);
  }
}
