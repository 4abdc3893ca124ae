package org.consentgateway.media.rtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose packets a leg listens to. Confined to its leg's event loop.
 *
 * <p>A leg latches once: at once to exactly the address its peer signalled, or after {@link
 * #PROBATION} packets in a row to another port of that host or to one of the trunk's media
 * networks. Everybody else is a stranger for the rest of the call. A renegotiation lets it latch
 * once more: to the signalled address at once, however long the source it has goes on, and to
 * another one only when that falls silent. (What happens without this is known as RTPbleed: whoever
 * sprays packets over the ports becomes the caller.)
 */
public final class SourceLock {
    /** Packets in sequence from one source until it is believed. */
    public static final int PROBATION = 4;

    /**
     * The same of text, of which a whole answer may be three packets (RFC 4103 §4): as many as make
     * a source valid (RFC 3550 A.1, MIN_SEQUENTIAL).
     */
    public static final int TEXT_PROBATION = 2;

    /** How long the locked source must be silent until a renegotiated leg believes another one. */
    public static final long SILENT_NANOS = 500_000_000L;

    /** Packets of the locked source that end the second chance a renegotiation gave. */
    static final int SETTLED = 50;

    /** What to do with a packet. */
    public enum Verdict {
        ACCEPT,
        /** From a permitted source that has yet to prove itself: drop it. */
        PROBATION,
        STRANGER
    }

    private final int probation;
    private InetSocketAddress signalled;
    private Set<InetAddress> others;
    private @Nullable InetSocketAddress locked;

    /** What was signalled when the lock was taken. */
    private @Nullable InetSocketAddress lockedFor;

    private @Nullable InetSocketAddress candidate;
    private boolean open = true;
    private int settling;
    private int inSequence;
    private int candidateSsrc;
    private int candidateSequence;
    private long lockedHeardNanos;

    /**
     * @param probation packets in sequence until a source that was not signalled is believed
     */
    public SourceLock(InetSocketAddress signalled, Set<InetAddress> others, int probation) {
        this.probation = probation;
        this.signalled = signalled;
        this.others = others;
    }

    /** After a re-INVITE or UPDATE: the lock may be taken once more. */
    public void renegotiated(InetSocketAddress signalled, Set<InetAddress> others) {
        this.signalled = signalled;
        this.others = others;
        open = true;
        settling = 0;
        candidate = null;
        inSequence = 0;
    }

    public Verdict check(InetSocketAddress source, int ssrc, int sequence, long nowNanos) {
        if (source.equals(locked)) {
            lockedHeardNanos = nowNanos;
            if (open && isOfWhatIsSignalled() && ++settling >= SETTLED) {
                open = false;
            }
            return Verdict.ACCEPT;
        }
        if (!open) {
            return Verdict.STRANGER;
        }
        if (source.equals(signalled)) {
            lock(source, nowNanos);
            return Verdict.ACCEPT;
        }
        InetAddress host = source.getAddress();
        if (!host.equals(signalled.getAddress()) && !others.contains(host)) {
            return Verdict.STRANGER;
        }
        boolean follows =
                source.equals(candidate)
                        && ssrc == candidateSsrc
                        && sequence == ((candidateSequence + 1) & 0xFFFF);
        inSequence = follows ? inSequence + 1 : 1;
        candidate = source;
        candidateSsrc = ssrc;
        candidateSequence = sequence;
        boolean free = locked == null || nowNanos - lockedHeardNanos > SILENT_NANOS;
        if (inSequence < probation || !free) {
            return Verdict.PROBATION;
        }
        lock(source, nowNanos);
        return Verdict.ACCEPT;
    }

    /** Whether {@link #check} could accept this source, now or after more packets of it. */
    public boolean permits(InetSocketAddress source) {
        if (source.equals(locked)) {
            return true;
        }
        InetAddress host = source.getAddress();
        return open && (host.equals(signalled.getAddress()) || others.contains(host));
    }

    private void lock(InetSocketAddress source, long nowNanos) {
        locked = source;
        lockedFor = signalled;
        lockedHeardNanos = nowNanos;
        // A renegotiated leg stays open until the new source has settled: the signalled one may
        // still come.
        open = !source.equals(signalled);
        settling = 0;
        candidate = null;
        inSequence = 0;
    }

    /**
     * Whether the lock says anything of the address signalled by now. A peer that has moved goes on
     * sending from where it was until the other party of its own call has moved as well: that is
     * heard, and keeps nobody out.
     */
    private boolean isOfWhatIsSignalled() {
        return signalled.equals(lockedFor) || signalled.equals(locked);
    }

    /** The source the leg latched to, or null before. */
    public @Nullable InetSocketAddress locked() {
        return locked;
    }

    /** Whether nobody else can become the source any more: the socket may be connected. */
    public boolean closed() {
        return !open;
    }

    /**
     * Where to send. The signalled address (RFC 3264 §8), but the locked source where what was
     * signalled is a private address that cannot be reached from here (symmetric RTP, RFC 4961).
     * Not one from before another address was signalled.
     */
    public InetSocketAddress destination() {
        InetSocketAddress source = locked;
        boolean behindNat =
                source != null
                        && isOfWhatIsSignalled()
                        && isPrivate(signalled.getAddress())
                        && !source.getAddress().equals(signalled.getAddress());
        return behindNat && source != null ? source : signalled;
    }

    /** Whether this RTCP source is the peer: its host, with any port. */
    public boolean isPeerHost(InetAddress host) {
        InetSocketAddress source = locked;
        return source != null
                ? host.equals(source.getAddress()) || host.equals(signalled.getAddress())
                : host.equals(signalled.getAddress()) || others.contains(host);
    }

    /** RFC 1918, RFC 6598 (100.64/10), RFC 3927, RFC 4193. */
    public static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        if (address instanceof Inet6Address) {
            return address.isLinkLocalAddress() || (octets[0] & 0xFE) == 0xFC;
        }
        boolean carrierGrade = (octets[0] & 0xFF) == 100 && (octets[1] & 0xC0) == 64;
        return address.isSiteLocalAddress() || address.isLinkLocalAddress() || carrierGrade;
    }
}
