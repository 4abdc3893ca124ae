package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Sender and receiver reports of one leg (RFC 3550 §6.4), with the CNAME that binds them and the
 * BYE that ends them. Confined to its leg's event loop; the round trip may be read from anywhere.
 */
public final class RtcpReports {
    /** RFC 3550 §6.2: the least interval of a session of two. */
    static final long INTERVAL_NANOS = 5_000_000_000L;

    /** RFC 3550 A.7 compensates with e - 3/2 for reconsidering too early. */
    private static final double COMPENSATION = Math.E - 1.5;

    private static final int SENDER_REPORT = 200;
    private static final int RECEIVER_REPORT = 201;
    private static final int SOURCE_DESCRIPTION = 202;
    private static final int GOODBYE = 203;
    private static final int BLOCK = 24;

    private final RtpSender sender;
    private final RtpReceiver receiver;
    private final byte[] cname;
    private final RandomGenerator random;

    private long dueNanos;
    private boolean scheduled;
    private boolean heardReport;
    private boolean arrives;
    private boolean told;
    private int toldHighest;
    private int lastReportNtp;
    private long lastReportNanos;

    private final Tally roundTripMicros = new Tally();
    private final Tally farLost = new Tally();
    private final Tally farJitter = new Tally();

    /**
     * @param cname at most 255 octets of UTF-8; the same for all of a call, and no personal data
     *     (RFC 7022)
     */
    public RtcpReports(
            RtpSender sender, RtpReceiver receiver, String cname, RandomGenerator random) {
        this.sender = sender;
        this.receiver = receiver;
        this.cname = cname.getBytes(StandardCharsets.UTF_8);
        this.random = random;
        if (this.cname.length > 255) {
            throw new IllegalArgumentException("CNAME of more than 255 octets");
        }
        roundTripMicros.set(-1);
        farLost.set(-1);
    }

    /** Whether a report is due; the first comes after half an interval, all at random times. */
    public boolean due(long nowNanos) {
        if (!scheduled) {
            scheduled = true;
            dueNanos = nowNanos + interval() / 2;
            return false;
        }
        if (nowNanos - dueNanos < 0) {
            return false;
        }
        dueNanos = nowNanos + interval();
        return true;
    }

    private long interval() {
        return (long) (INTERVAL_NANOS * random.nextDouble(0.5, 1.5) / COMPENSATION);
    }

    /**
     * Writes one compound packet from index 0.
     *
     * @param ntp seconds since 1900 in the upper 32 bits, fraction in the lower (RFC 3550 §4)
     * @param bye whether it is the last
     * @return its octets
     */
    public int compose(ByteBuffer out, long nowNanos, long ntp, boolean bye) {
        boolean sending = sender.packets() > 0;
        int blocks = receiver.started() ? 1 : 0;
        int at = sending ? 28 : 8;
        head(out, 0, blocks, sending ? SENDER_REPORT : RECEIVER_REPORT, at + blocks * BLOCK);
        out.putInt(4, sender.ssrc());
        if (sending) {
            out.putLong(8, ntp);
            out.putInt(16, sender.timestampAt(nowNanos));
            out.putInt(20, (int) sender.packets());
            out.putInt(24, (int) sender.octets());
        }
        if (blocks == 1) {
            block(out, at, nowNanos);
            at += BLOCK;
        }
        at = describe(out, at);
        if (bye) {
            head(out, at, 1, GOODBYE, 8);
            out.putInt(at + 4, sender.ssrc());
            at += 8;
        }
        return at;
    }

    private void block(ByteBuffer out, int at, long nowNanos) {
        out.putInt(at, receiver.ssrc());
        int lost = receiver.cumulativeLost() & 0xFFFFFF;
        out.putInt(at + 4, receiver.fractionLost() << 24 | lost);
        out.putInt(at + 8, receiver.extendedHighest());
        out.putInt(at + 12, sender.ratio() * receiver.jitterUnits());
        out.putInt(at + 16, heardReport ? lastReportNtp : 0);
        long delay = heardReport ? nowNanos - lastReportNanos : 0;
        out.putInt(at + 20, (int) (delay / 1000 * 65_536 / 1_000_000));
    }

    private int describe(ByteBuffer out, int at) {
        // SSRC, CNAME item, at least one null octet, padded to words (RFC 3550 §6.5).
        int octets = Math.ceilDiv(4 + 4 + 2 + cname.length + 1, 4) * 4;
        head(out, at, 1, SOURCE_DESCRIPTION, octets);
        out.putInt(at + 4, sender.ssrc());
        out.put(at + 8, (byte) 1);
        out.put(at + 9, (byte) cname.length);
        out.put(at + 10, cname);
        for (int i = at + 10 + cname.length; i < at + octets; i++) {
            out.put(i, (byte) 0);
        }
        return at + octets;
    }

    private static void head(ByteBuffer out, int at, int count, int type, int octets) {
        out.putInt(at, 0x8000_0000 | count << 24 | type << 16 | (octets / 4 - 1));
    }

    /**
     * Takes what the peer reports.
     *
     * @return false if it is no compound RTCP packet (RFC 3550 A.2): nothing of it counts
     */
    public boolean read(ByteBuffer in, int length, long nowNanos, long ntp) {
        arrives = false;
        if (!wellFormed(in, length)) {
            return false;
        }
        for (int at = 0; at < length; at += octets(in, at)) {
            int type = in.get(at + 1) & 0xFF;
            int count = in.get(at) & 0x1F;
            int end = at + octets(in, at);
            if (type == SENDER_REPORT && end - at >= 28) {
                heardReport = true;
                // The middle 32 bits of the NTP timestamp.
                lastReportNtp = (int) (in.getLong(at + 8) >>> 16);
                lastReportNanos = nowNanos;
                blocks(in, at + 28, end, count, ntp);
            } else if (type == RECEIVER_REPORT) {
                blocks(in, at + 8, end, count, ntp);
            }
        }
        return true;
    }

    private void blocks(ByteBuffer in, int from, int end, int count, long ntp) {
        for (int i = 0, at = from; i < count && at + BLOCK <= end; i++, at += BLOCK) {
            if (in.getInt(at) != sender.ssrc()) {
                continue;
            }
            int highest = in.getInt(at + 8);
            arrives = !told || highest != toldHighest;
            told = true;
            toldHighest = highest;
            // Sign-extend 24 bits; duplicates can make it negative.
            farLost.set(Math.max(0, in.getInt(at + 4) << 8 >> 8));
            farJitter.set((in.getInt(at + 12) & 0xFFFF_FFFFL) / sender.ratio());
            int lastReport = in.getInt(at + 16);
            if (lastReport == 0) {
                continue;
            }
            int trip = (int) (ntp >>> 16) - lastReport - in.getInt(at + 20);
            // A negative one comes of clocks set meanwhile; above 30 s it is no round trip.
            if (trip >= 0 && trip < 30 * 65_536) {
                roundTripMicros.set(trip * 1_000_000L / 65_536);
            }
        }
    }

    /** Whether the report that was read last tells of packets of ours that had not come before. */
    public boolean arrives() {
        return arrives;
    }

    /** Who has sent that report (SSRC). */
    public static int reporter(ByteBuffer in) {
        return in.getInt(4);
    }

    private static boolean wellFormed(ByteBuffer in, int length) {
        if (length < 8 || length % 4 != 0) {
            return false;
        }
        int first = in.get(1) & 0xFF;
        if (first != SENDER_REPORT && first != RECEIVER_REPORT) {
            return false;
        }
        int at = 0;
        while (at + 4 <= length) {
            if ((in.get(at) & 0xC0) != 0x80) {
                return false;
            }
            at += octets(in, at);
        }
        return at == length;
    }

    private static int octets(ByteBuffer in, int at) {
        return 4 * ((in.getShort(at + 2) & 0xFFFF) + 1);
    }

    /** Any thread: in milliseconds, or -1 if it is not known. */
    public double roundTripMillis() {
        long micros = roundTripMicros.value();
        return micros < 0 ? -1 : micros / 1000.0;
    }

    /** Any thread: packets of ours that the peer says it has lost; -1 before it said anything. */
    public long farLostPackets() {
        return farLost.value();
    }

    /** Any thread: what the peer says of our packets' jitter, in milliseconds. */
    public double farJitterMillis() {
        return farJitter.value() / 8.0;
    }
}
