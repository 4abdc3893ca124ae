package org.consentgateway.media.srtp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.logging.Level;
import java.util.logging.Logger;
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
 * that long calls do not fall silent when the sequence number has gone round.
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
    private final @Nullable SrtpCryptoContext[] sources = new SrtpCryptoContext[MAX_SOURCES];
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
            java.util.Arrays.fill(sources, null);
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
        int source = datagram.getInt(8);
        SrtpErrorStatus status = SrtpErrorStatus.AUTH_FAIL;
        SrtpCryptoContext known = known(source);
        if (known != null) {
            status = open(known, datagram, length);
        } else {
            SrtpCryptoContext fresh = context(receiving, source, 0);
            status = open(fresh, datagram, length);
            if (status != SrtpErrorStatus.OK && (datagram.getShort(2) & 0xFFFF) < JUST_WRAPPED) {
                fresh = context(receiving, source, 1);
                status = open(fresh, datagram, length);
            }
            if (status == SrtpErrorStatus.OK) {
                sources[nextSource++ % MAX_SOURCES] = fresh;
            }
        }
        return judged(status, datagram);
    }

    private @Nullable SrtpCryptoContext known(int source) {
        for (SrtpCryptoContext each : sources) {
            if (each != null && each.getSsrc() == source) {
                return each;
            }
        }
        return null;
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
