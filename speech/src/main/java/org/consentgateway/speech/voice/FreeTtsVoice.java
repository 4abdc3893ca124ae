package org.consentgateway.speech.voice;

import com.sun.speech.freetts.VoiceManager;
import com.sun.speech.freetts.audio.AudioPlayer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import org.consentgateway.media.audio.Wav;

/** The English voice of FreeTTS, always at hand because it is a library. Thread-safe. */
public final class FreeTtsVoice implements Voice {
    private static final String DIRECTORY =
            "com.sun.speech.freetts.en.us.cmu_us_kal.KevinVoiceDirectory";

    /** Words a minute, its own; slower, the second layer takes longer than a notice allows. */
    private static final float RATE = 150;

    @Override
    public String name() {
        return "freetts-kevin16";
    }

    @Override
    public boolean speaks(String language) {
        return language.equals("en");
    }

    @Override
    public synchronized Wav say(String language, String text) throws IOException {
        System.setProperty("freetts.voices", DIRECTORY);
        com.sun.speech.freetts.Voice kevin = VoiceManager.getInstance().getVoice("kevin16");
        if (kevin == null) {
            throw new IOException("FreeTTS has no voice kevin16");
        }
        var heard = new Collector();
        kevin.allocate();
        try {
            kevin.setRate(RATE);
            kevin.setAudioPlayer(heard);
            if (!kevin.speak(text)) {
                throw new IOException("FreeTTS could not speak a text");
            }
        } finally {
            kevin.deallocate();
        }
        return heard.sound();
    }

    /** Takes what others would send to a loudspeaker. Confined to one call of {@link #say}. */
    private static final class Collector implements AudioPlayer {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private AudioFormat format = new AudioFormat(16000, 16, 1, true, true);

        Wav sound() {
            ByteOrder order = format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            short[] samples = new short[octets.size() / 2];
            ByteBuffer.wrap(octets.toByteArray()).order(order).asShortBuffer().get(samples);
            return new Wav(samples, (int) format.getSampleRate());
        }

        @Override
        public void setAudioFormat(AudioFormat changed) {
            format = changed;
        }

        @Override
        public AudioFormat getAudioFormat() {
            return format;
        }

        @Override
        public boolean write(byte[] audio) {
            return write(audio, 0, audio.length);
        }

        @Override
        public boolean write(byte[] audio, int offset, int length) {
            octets.write(audio, offset, length);
            return true;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void reset() {}

        @Override
        public boolean drain() {
            return true;
        }

        @Override
        public void begin(int size) {}

        @Override
        public boolean end() {
            return true;
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {}

        @Override
        public float getVolume() {
            return 1;
        }

        @Override
        public void setVolume(float volume) {}

        @Override
        public long getTime() {
            return -1;
        }

        @Override
        public void resetTime() {}

        @Override
        public void startFirstSampleTimer() {}

        @Override
        public void showMetrics() {}
    }
}
