package org.consentgateway.media.srtp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/**
 * SRTP and SRTCP of one leg: protects what goes out, and lets in only what bears the peer's tag and
 * was not let in before. Confined to its leg's event loop.
 *
 * <pre>
 *   sending      one context for our SSRC             roll-over counter, replay list
 *   receiving    one context per SSRC that has proved to be the peer's, a few at most
 * </pre>
 *
 * A context lives as long as its key does, over any number of renegotiations (RFC 3711 §3.3.1), so
 * that long calls do not fall silent when the sequence number has gone round. Behind another key
 * the peer may have kept its roll-over counter (there) or begun anew at zero (RFC 4568 §7.1.4),
 * which many do for any new key: the tag says which. Ours begins at zero.
 */
public final class SrtpSession {
    /** SSRCs of the peer that are remembered; more than one only after a change behind it. */
    static final int MAX_SOURCES = 4;

    /** Octets of an RTP header, and of an RTCP header with its SSRC. */
    private static final int RTP_HEADER = 12;

    private static final int RTCP_HEADER = 8;

    /**
     * A first packet numbered below this may be behind a roll-over whose packets were lost: a
     * sender that starts near 65535 (against RFC 3711 §3.3.1) wraps within a second.
     */
    private static final int JUST_WRAPPED = 1000;

    /** Held here, as the runtime forgets the level of a logger that nobody holds. */
    private static final Logger LIBRARY = Logger.getLogger("org.jitsi");

    private static final org.jitsi.utils.logging2.Logger SILENT;

    static {
        // It would tell of single packets, and of its choice of a cipher.
        LIBRARY.setLevel(Level.OFF);
        SILENT = new LoggerImpl("org.jitsi.srtp");
        // The runtime's ciphers. Left to itself, the library would measure all it can find, on the
        // event loop that needs the first one.
        Aes.setFactoryClassName("SunJCE");
    }

    /** What a packet turned out to be. */
    public enum Verdict {
        GENUINE,
        /** Not made with the peer's key, or altered, or no SRTP at all. */
        FORGED,
        /** Let in before, or older than the window of 64 packets. */
        REPLAYED
    }

    private final int ssrc;
    private final Scratch scratch = new Scratch();
    private SrtpKeys keys;
    private SrtpCryptoContext sending;
    private SrtcpCryptoContext sendingControl;
    private SrtpContextFactory receiving;
    private final @Nullable ReceivedSource[] sources = new ReceivedSource[MAX_SOURCES];
    private final @Nullable SrtcpCryptoContext[] controls = new SrtcpCryptoContext[MAX_SOURCES];
    private int nextSource;
    private int nextControl;

    /**
     * @param ssrc we send with
     */
    public SrtpSession(SrtpKeys keys, int ssrc) {
        this.ssrc = ssrc;
        this.keys = keys;
        SrtpContextFactory ours = factory(true, keys.sending());
        this.sending = context(ours, ssrc, 0);
        this.sendingControl = controlContext(ours, ssrc);
        ours.close();
        this.receiving = factory(false, keys.receiving());
    }

    /** After a renegotiation: contexts start anew for a key that changed, and go on for others. */
    public void agreed(SrtpKeys next) {
        if (!next.sending().equals(keys.sending())) {
            SrtpContextFactory ours = factory(true, next.sending());
            sending = context(ours, ssrc, 0);
            sendingControl = controlContext(ours, ssrc);
            ours.close();
        }
        if (!next.receiving().equals(keys.receiving())) {
            receiving.close();
            receiving = factory(false, next.receiving());
            for (ReceivedSource each : sources) {
                if (each != null) {
                    each.forgetContext();
                }
            }
            java.util.Arrays.fill(controls, null);
        }
        keys = next;
    }

    private static SrtpContextFactory factory(boolean sender, SrtpKey key) {
        return new SrtpContextFactory(
                sender,
                key.key(),
                key.salt(),
                key.suite().policy(),
                key.suite().controlPolicy(),
                SILENT);
    }

    private static SrtpCryptoContext context(SrtpContextFactory factory, int ssrc, int rollOver) {
        try {
            return factory.deriveContext(ssrc, rollOver);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a cipher that every Java runtime has is missing", e);
        }
    }

    private static SrtcpCryptoContext controlContext(SrtpContextFactory factory, int ssrc) {
        try {
            return factory.deriveControlContext(ssrc);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a cipher that every Java runtime has is missing", e);
        }
    }

    // ------------------------------------------------------------------ out

    /**
     * Protects an RTP packet of ours.
     *
     * @param to takes the result from index 0; may be the same buffer
     * @return its octets, or -1 if it must not be sent: too long, or a sequence number once more
     */
    public int protect(ByteBuffer packet, int offset, int length, ByteBuffer to) {
        if (!Scratch.fits(length, to)) {
            return -1;
        }
        scratch.load(packet, offset, length);
        return stored(protectRtp(), to);
    }

    /** The same for a compound RTCP packet of ours, from index 0. */
    public int protectReport(ByteBuffer packet, int length, ByteBuffer to) {
        if (!Scratch.fits(length, to)) {
            return -1;
        }
        scratch.load(packet, 0, length);
        return stored(protectRtcp(), to);
    }

    private SrtpErrorStatus protectRtp() {
        try {
            return sending.transformPacket(scratch);
        } catch (GeneralSecurityException e) {
            return SrtpErrorStatus.FAIL;
        }
    }

    private SrtpErrorStatus protectRtcp() {
        try {
            return sendingControl.transformPacket(scratch);
        } catch (GeneralSecurityException e) {
            return SrtpErrorStatus.FAIL;
        }
    }

    private int stored(SrtpErrorStatus status, ByteBuffer to) {
        if (status != SrtpErrorStatus.OK) {
            return -1;
        }
        scratch.store(to);
        return scratch.getLength();
    }

    // ------------------------------------------------------------------ in

    /** Octets of the packet that was last found genuine. */
    public int length() {
        return scratch.getLength();
    }

    /** If genuine, the plain RTP packet stands in the buffer, {@link #length()} octets of it. */
    public Verdict unprotect(ByteBuffer datagram, int length) {
        if (length < RTP_HEADER || !Scratch.fits(length)) {
            return Verdict.FORGED;
        }
        int sequence = datagram.getShort(2) & 0xFFFF;
        ReceivedSource source = known(datagram.getInt(8));
        SrtpCryptoContext context = source == null ? null : source.context();
        if (source == null || context == null) {
            return judged(openFirst(source, sequence, datagram, length), datagram);
        }
        SrtpErrorStatus status = open(context, datagram, length);
        if (status == SrtpErrorStatus.OK) {
            source.opened(sequence);
        }
        return judged(status, datagram);
    }

    private @Nullable ReceivedSource known(int ssrc) {
        for (ReceivedSource each : sources) {
            if (each != null && each.ssrc == ssrc) {
                return each;
            }
        }
        return null;
    }

    /**
     * The first packet of a source with the present key.
     *
     * @param known what another key has opened of it, or null
     */
    private SrtpErrorStatus openFirst(
            @Nullable ReceivedSource known, int sequence, ByteBuffer datagram, int length) {
        int ssrc = datagram.getInt(8);
        SrtpErrorStatus status = SrtpErrorStatus.AUTH_FAIL;
        for (int rollOver : rollOvers(known, sequence)) {
            SrtpCryptoContext fresh = context(receiving, ssrc, rollOver);
            status = open(fresh, datagram, length);
            if (status == SrtpErrorStatus.OK) {
                ReceivedSource source = known == null ? added(ssrc) : known;
                source.begins(fresh, rollOver, sequence);
                break;
            }
        }
        return status;
    }

    /** What its roll-over counter may be, the likeliest first. */
    private static int[] rollOvers(@Nullable ReceivedSource known, int sequence) {
        IntStream anew = sequence < JUST_WRAPPED ? IntStream.of(0, 1) : IntStream.of(0);
        IntStream kept =
                known == null
                        ? IntStream.empty()
                        : IntStream.of(known.rollOver(), known.rollOver(sequence));
        return IntStream.concat(anew, kept).distinct().toArray();
    }

    private ReceivedSource added(int ssrc) {
        ReceivedSource source = new ReceivedSource(ssrc);
        sources[nextSource++ % MAX_SOURCES] = source;
        return source;
    }

    private SrtpErrorStatus open(SrtpCryptoContext context, ByteBuffer datagram, int length) {
        scratch.load(datagram, 0, length);
        try {
            return context.reverseTransformPacket(scratch, false);
        } catch (GeneralSecurityException e) {
            return SrtpErrorStatus.FAIL;
        }
    }

    /** The same for a compound RTCP packet. */
    public Verdict unprotectReport(ByteBuffer datagram, int length) {
        if (length < RTCP_HEADER || !Scratch.fits(length)) {
            return Verdict.FORGED;
        }
        int source = datagram.getInt(4);
        SrtcpCryptoContext known = knownControl(source);
        SrtcpCryptoContext context = known != null ? known : controlContext(receiving, source);
        SrtpErrorStatus status = open(context, datagram, length);
        if (known == null && status == SrtpErrorStatus.OK) {
            controls[nextControl++ % MAX_SOURCES] = context;
        }
        return judged(status, datagram);
    }

    private @Nullable SrtcpCryptoContext knownControl(int source) {
        for (SrtcpCryptoContext each : controls) {
            if (each != null && each.getSsrc() == source) {
                return each;
            }
        }
        return null;
    }

    private SrtpErrorStatus open(SrtcpCryptoContext context, ByteBuffer datagram, int length) {
        scratch.load(datagram, 0, length);
        try {
            return context.reverseTransformPacket(scratch);
        } catch (GeneralSecurityException e) {
            return SrtpErrorStatus.FAIL;
        }
    }

    private Verdict judged(SrtpErrorStatus status, ByteBuffer datagram) {
        return switch (status) {
            case OK -> {
                scratch.store(datagram);
                yield Verdict.GENUINE;
            }
            case REPLAY_FAIL, REPLAY_OLD -> Verdict.REPLAYED;
            case AUTH_FAIL, FAIL, INVALID_PACKET -> Verdict.FORGED;
        };
    }
}
