package org.consentgateway.line;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.rtp.JitterBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Confined to a test. The way from a caller's mouth to our ear: what is said, what comes back of
 * what we say, coded, sent in packets, and collected by the product's jitter buffer.
 */
final class CallersLine {
    /**
     * What is wrong with it. Immutable.
     *
     * @param lossPercent packets that never come
     * @param jitterMillis a packet is later than the first by so much at most
     * @param driftPpm by which the caller's clock is slow
     * @param echoDb what comes back of what we say, against what we say; NaN for nothing
     * @param noiseDbfs behind all that is said; NaN for none
     * @param suppressesSilence whether nothing is sent while nothing is said
     */
    record Trouble(
            Codec codec,
            int lossPercent,
            int jitterMillis,
            int driftPpm,
            double echoDb,
            double noiseDbfs,
            boolean suppressesSilence) {
        static final Trouble NONE =
                new Trouble(Codec.all().getFirst(), 0, 0, 0, Double.NaN, Double.NaN, false);

        Trouble codec(Codec other) {
            return new Trouble(
                    other,
                    lossPercent,
                    jitterMillis,
                    driftPpm,
                    echoDb,
                    noiseDbfs,
                    suppressesSilence);
        }

        Trouble network(int loss, int jitter, int drift) {
            return new Trouble(codec, loss, jitter, drift, echoDb, noiseDbfs, suppressesSilence);
        }

        Trouble echo(double db) {
            return new Trouble(
                    codec, lossPercent, jitterMillis, driftPpm, db, noiseDbfs, suppressesSilence);
        }

        Trouble noise(double dbfs) {
            return new Trouble(
                    codec, lossPercent, jitterMillis, driftPpm, echoDb, dbfs, suppressesSilence);
        }

        Trouble withoutSilence() {
            return new Trouble(codec, lossPercent, jitterMillis, driftPpm, echoDb, noiseDbfs, true);
        }
    }

    /** Of the echo, there and back. */
    private static final int ECHO_FRAMES = 6;

    /** Below it a telephone that suppresses silence sends nothing. */
    private static final int QUIET = 30;

    /** What is quiet for longer is silence. */
    private static final int HANGOVER_FRAMES = 8;

    private static final JitterBuffer.Losses UNCOUNTED =
            new JitterBuffer.Losses() {
                @Override
                public void late() {}

                @Override
                public void duplicate() {}

                @Override
                public void skipped() {}
            };

    private record Packet(double arrives, int sequence, int timestamp, byte[] octets) {}

    private final Trouble trouble;
    private final Codec.Encoder encoder;
    private final Random random;
    private final JitterBuffer buffer = new JitterBuffer(UNCOUNTED, 0);
    private final PriorityQueue<Packet> underWay =
            new PriorityQueue<>((a, b) -> Double.compare(a.arrives(), b.arrives()));
    private final short[][] echo = new short[ECHO_FRAMES][PcmFrame.SAMPLES];
    private short[] said = new short[0];
    private int saidUntil;
    private int frames;
    private int sequence;
    private int hangover;
    private double senderMillis;

    CallersLine(Trouble trouble, long seed) {
        this.trouble = trouble;
        this.encoder = trouble.codec().encoder();
        this.random = new Random(seed);
    }

    /** Something is said from now on, over whatever else is being said. */
    void says(short[] sound) {
        int from = frames * PcmFrame.SAMPLES;
        if (said.length < from + sound.length) {
            said = Arrays.copyOf(said, from + sound.length);
        }
        for (int i = 0; i < sound.length; i++) {
            said[from + i] = clip(said[from + i] + sound[i]);
        }
        saidUntil = Math.max(saidUntil, from + sound.length);
    }

    /** Whether everything has been said. */
    boolean silent() {
        return frames * PcmFrame.SAMPLES >= saidUntil;
    }

    /**
     * 20 ms pass.
     *
     * @param sent to the caller
     * @return what comes in; null while the buffer fills
     */
    @Nullable PcmFrame pass(short[] sent) {
        short[] frame = spoken(sent);
        frames++;
        send(frame);
        double now = frames * 20.0;
        while (!underWay.isEmpty() && underWay.peek().arrives() <= now) {
            Packet packet = underWay.remove();
            buffer.audio(
                    packet.sequence(),
                    packet.timestamp(),
                    trouble.codec(),
                    ByteBuffer.wrap(packet.octets()),
                    0,
                    packet.octets().length);
        }
        return buffer.tick();
    }

    private short[] spoken(short[] sent) {
        short[] frame = new short[PcmFrame.SAMPLES];
        int from = frames * PcmFrame.SAMPLES;
        short[] back = echo[frames % ECHO_FRAMES];
        double echoGain = Double.isNaN(trouble.echoDb()) ? 0 : Math.pow(10, trouble.echoDb() / 20);
        double noise =
                Double.isNaN(trouble.noiseDbfs())
                        ? 0
                        : 32768 * Math.pow(10, trouble.noiseDbfs() / 20);
        for (int i = 0; i < frame.length; i++) {
            double voice = from + i < said.length ? said[from + i] : 0;
            double hiss = noise == 0 ? 0 : random.nextGaussian() * noise;
            frame[i] = clip(voice + echoGain * back[i] + hiss);
        }
        echo[frames % ECHO_FRAMES] = sent;
        return frame;
    }

    private void send(short[] frame) {
        int timestamp = frames * PcmFrame.SAMPLES;
        senderMillis += 20 * (1 + trouble.driftPpm() / 1e6);
        sequence = (sequence + 1) & 0xFFFF;
        byte[] octets = new byte[trouble.codec().frameOctets()];
        int _ = encoder.encode(frame, frame.length, ByteBuffer.wrap(octets), 0);
        boolean quiet = true;
        for (short sample : frame) {
            quiet &= Math.abs(sample) < QUIET;
        }
        hangover = quiet ? hangover - 1 : HANGOVER_FRAMES;
        if (trouble.suppressesSilence() && hangover < 0) {
            sequence = (sequence - 1) & 0xFFFF; // it is not sent, and the timestamp goes on
            return;
        }
        if (random.nextInt(100) < trouble.lossPercent()) {
            return;
        }
        double late =
                trouble.jitterMillis() == 0 ? 0 : random.nextDouble() * trouble.jitterMillis();
        underWay.add(new Packet(senderMillis + late, sequence, timestamp, octets));
    }

    private static short clip(double sample) {
        return (short) Math.clamp(Math.round(sample), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
