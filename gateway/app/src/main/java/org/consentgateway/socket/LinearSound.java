package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.consentgateway.media.audio.Resampler;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.Codec;
import org.jspecify.annotations.Nullable;

/**
 * Linear sound at the rate that an assistant wants, made of a call's and turned into it. Confined
 * to the socket's event loop, so that no other call waits for it.
 *
 * <pre>
 *   caller ─── 8 or 16 kHz ──► heard ──► 24 kHz, say ─────► assistant
 *   caller ◄── {@link Codec} ◄─ said ◄── 16 bits, little-endian ──┘
 * </pre>
 */
public final class LinearSound {
    private static final int FRAMES_PER_SECOND = 50;

    /** Hz; of telephones, computers and compact discs. */
    private static final List<Integer> RATES =
            List.of(8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000);

    /** Of the codec, in Hz. */
    private final int inside;

    private final int rate;
    private final int frameOctets;
    private final Codec.Encoder encoder;
    private final Resampler.Piecewise towards;
    private final Resampler.Piecewise back;
    private final short[] frame;

    /** Of the last sound of its own; null where it needs none. */
    private @Nullable Resampler played;

    private int playedRate;

    /** Half a sample that a message ended with; or -1. */
    private int half = -1;

    /**
     * @param kept in which the media has what the assistant says: {@link Wire#sound}
     * @param rate Hz, that of the assistant
     */
    public LinearSound(Codec kept, int rate) {
        this.inside = kept.rate();
        this.rate = rate;
        this.frameOctets = kept.frameOctets();
        this.encoder = kept.encoder(inside);
        this.towards = new Resampler(inside, rate).piecewise();
        this.back = new Resampler(rate, inside).piecewise();
        this.frame = new short[rate / FRAMES_PER_SECOND + 1];
    }

    /** Samples of 20 ms for the assistant. */
    public int frameLength() {
        return rate / FRAMES_PER_SECOND;
    }

    /**
     * The next 20 ms of the caller for the assistant.
     *
     * @return {@link #frameLength} samples, and more behind them that mean nothing; good until the
     *     next
     */
    public short[] heard(short[] samples) {
        if (rate == inside) {
            return samples;
        }
        int made = towards.next(samples, samples.length, frame);
        if (made != frameLength()) {
            throw new IllegalStateException(made + " samples of 20 ms");
        }
        return frame;
    }

    /**
     * What the assistant says, for {@link Wire#play}.
     *
     * @param octets may begin and end in the middle of a sample
     */
    public byte[] said(ByteBuf octets) {
        short[] samples = new short[(octets.readableBytes() + (half < 0 ? 0 : 1)) / 2];
        for (int i = 0; i < samples.length; i++) {
            int low = half < 0 ? octets.readUnsignedByte() : half;
            half = -1;
            samples[i] = (short) (low | octets.readByte() << 8);
        }
        if (octets.isReadable()) {
            half = octets.readUnsignedByte();
        }
        return encoded(rate == inside ? samples : back.next(samples, samples.length));
    }

    /**
     * A sound of its own, for {@link Wire#play}.
     *
     * @throws IOException where its rate is none of those in use: what it takes to change some
     *     others costs more than the sound, and would be made anew for each
     */
    public byte[] said(Wav sound) throws IOException {
        int hertz = sound.rate();
        if (hertz != rate && !RATES.contains(hertz)) {
            throw new IOException(hertz + " Hz; wanted is one of " + RATES);
        }
        if (hertz == inside) {
            return encoded(sound.samples());
        }
        if (played == null || playedRate != hertz) {
            played = new Resampler(hertz, inside);
            playedRate = hertz;
        }
        return encoded(played.resample(sound.samples()));
    }

    /** The end of what it has said, once it says no more for now. */
    public byte[] rest() {
        half = -1;
        return rate == inside ? new byte[0] : encoded(back.rest());
    }

    /** It has taken back what was not heard yet, and what is on its way here with it. */
    public void clear() {
        half = -1;
        back.clear();
    }

    private byte[] encoded(short[] samples) {
        long octetsPerSecond = (long) frameOctets * FRAMES_PER_SECOND;
        byte[] octets = new byte[Math.toIntExact(samples.length * octetsPerSecond / inside)];
        encoder.encode(samples, samples.length, ByteBuffer.wrap(octets), 0);
        return octets;
    }
}
