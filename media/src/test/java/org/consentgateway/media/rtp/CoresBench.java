package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH: what each stage costs per packet, in nanoseconds and in bytes allocated ({@code
 * gc.alloc.rate.norm} must be 0 but for frames handed to a listener). Run its main().
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CoresBench {
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(2048);
    private final RtpReader reader = new RtpReader();
    private final RtpReceiver receiver = new RtpReceiver();
    private final RtpSender relaySender = new RtpSender(1, 0, 0);
    private final RtpSender promptSender = new RtpSender(1, 0, 0);
    private final JitterBuffer jitter = new JitterBuffer(new CountedLosses(), 0);
    private final Codec.Translator translator = G711.PCMU.translatorFrom(G711.PCMA);
    private final byte[] clip = new byte[16_000];
    private int frame;

    private final DtmfDecoder decoder =
            new DtmfDecoder(
                    new DtmfDecoder.Keys() {
                        @Override
                        public void keyDown(char digit, long atNanos) {}

                        @Override
                        public void keyUp(char digit, int durationMillis, long atNanos) {}
                    });

    private long arrive(int type) {
        frame++;
        datagram.put(0, (byte) 0x80).put(1, (byte) type).putShort(2, (short) frame);
        datagram.putInt(4, frame * 160).putInt(8, 77);
        return frame * 20_000_000L;
    }

    /** A packet's way from one leg to the other, without its two system calls. */
    @Benchmark
    public boolean relay() {
        long now = arrive(8);
        return switch (reader.read(datagram, 172)) {
            case RtpDatagram.Malformed _ -> false;
            case RtpDatagram.Packet p -> {
                RtpReceiver.Verdict verdict = receiver.packet(p.ssrc(), p.sequence(), now);
                receiver.timed(p.timestamp(), now);
                yield verdict == RtpReceiver.Verdict.ACCEPT
                        && relaySender.relay(datagram, p.payloadOffset() - 12, 8, false, p, now);
            }
        };
    }

    @Benchmark
    public RtpDatagram parse() {
        arrive(8);
        return reader.read(datagram, 172);
    }

    /** A prompt's packet, without its system call. */
    @Benchmark
    public int prompt() {
        frame++;
        promptSender.own(datagram, 8, false, frame * 20_000_000L);
        datagram.put(12, clip, frame % 100 * 160, 160);
        return datagram.getInt(4);
    }

    /** From packet to the frame a listener gets: the frame itself is what is allocated. */
    @Benchmark
    public @Nullable PcmFrame hear() {
        arrive(8);
        jitter.audio(frame & 0xFFFF, frame * 160, G711.PCMA, datagram, 12, 160);
        return jitter.tick();
    }

    @Benchmark
    public boolean key() {
        long now = arrive(101);
        datagram.put(12, (byte) 1).put(13, (byte) 10).putShort(14, (short) (frame % 5 * 160));
        return decoder.packet(77, frame / 5 * 1600, datagram, 12, 4, now);
    }

    @Benchmark
    public byte transcode() {
        translator.translate(datagram, 12, 160);
        return datagram.get(12);
    }

    public static void main(String[] args) throws Exception {
        var _ =
                new Runner(
                                new OptionsBuilder()
                                        .include(CoresBench.class.getName())
                                        .addProfiler(GCProfiler.class)
                                        .build())
                        .run();
    }
}
