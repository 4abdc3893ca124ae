// In the browser's audio thread: between the sound card's rate and 8 kHz, in 20 ms, with a buffer against jitter.
const TELEPHONE = 8000;
const FRAME = 160;
const PHASES = 64;

/** Windowed sinc, so that what a telephone cannot carry does not come back as another sound. */
class Resampler {
  constructor(from, to) {
    this.step = from / to;
    const cut = 0.94 * Math.min(1, to / from);
    this.half = Math.ceil(10 / cut);
    this.table = Array.from({ length: PHASES + 1 }, (_, phase) =>
      Float32Array.from({ length: 2 * this.half }, (_, tap) => {
        const x = tap - this.half + 1 - phase / PHASES;
        const angle = Math.PI * cut * x;
        const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
        const window = Math.abs(x) >= this.half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / this.half);
        return cut * sinc * window;
      }));
    this.kept = new Float32Array(this.half);
    this.at = this.half - 1;
  }

  resampled(input) {
    const all = new Float32Array(this.kept.length + input.length);
    all.set(this.kept);
    all.set(input, this.kept.length);
    const out = [];
    while (Math.floor(this.at) + this.half < all.length) {
      const first = Math.floor(this.at);
      const taps = this.table[Math.round((this.at - first) * PHASES)];
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += taps[tap] * all[first - this.half + 1 + tap];
      out.push(sum);
      this.at += this.step;
    }
    const gone = Math.max(0, Math.floor(this.at) - this.half + 1);
    this.kept = all.slice(gone);
    this.at -= gone;
    return out;
  }
}

class Telephone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.down = new Resampler(sampleRate, TELEPHONE);
    this.up = new Resampler(TELEPHONE, sampleRate);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.heard = new Float32Array(sampleRate); // a ring
    this.first = 0;
    this.waiting = 0;
    this.playing = false;
    this.port.onmessage = (event) => this.hears(new Int16Array(event.data));
  }

  hears(samples) {
    for (const value of this.up.resampled(Float32Array.from(samples, (each) => each / 32768))) {
      this.heard[(this.first + this.waiting) % this.heard.length] = value;
      this.waiting++;
    }
    if (this.waiting > 0.4 * sampleRate) { // too late for a conversation
      const late = this.waiting - Math.round(0.12 * sampleRate);
      this.first = (this.first + late) % this.heard.length;
      this.waiting -= late;
    }
  }

  process(inputs, outputs) {
    const spoken = inputs[0][0];
    if (spoken) {
      for (const value of this.down.resampled(spoken)) {
        this.frame[this.filled++] = Math.round(32767 * Math.max(-1, Math.min(1, value)));
        if (this.filled === FRAME) {
          const full = this.frame.slice().buffer;
          this.port.postMessage(full, [full]);
          this.filled = 0;
        }
      }
    }
    const out = outputs[0][0];
    if (!this.playing && this.waiting > 0.08 * sampleRate) this.playing = true;
    if (this.playing && this.waiting < out.length) this.playing = false;
    if (this.playing) {
      for (let at = 0; at < out.length; at++) out[at] = this.heard[(this.first + at) % this.heard.length];
      this.first = (this.first + out.length) % this.heard.length;
      this.waiting -= out.length;
    }
    return true;
  }
}

registerProcessor("telephone", Telephone);
