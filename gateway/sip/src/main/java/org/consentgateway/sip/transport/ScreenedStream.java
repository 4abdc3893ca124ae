package org.consentgateway.sip.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.screen.MessageHead;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.transport.channel.Pieces;
import org.jspecify.annotations.Nullable;

/**
 * What comes over a connection, message by message: finds where each ends (RFC 3261 §18.3), and
 * hands on those that pass the screen. Confined to the thread that reads the connection.
 *
 * <p>A connection that leaves a message half said, or never says anything, is closed soon; one that
 * has been used, when it was silent for long.
 */
final class ScreenedStream extends InputStream {
    /** For the first message, and for the rest of one that has begun. */
    static final int UNFINISHED_MILLIS = 10_000;

    /** Octets of a message too long that are read to find the next one. */
    private static final int MAX_SKIPPED = 1 << 20;

    private static final byte[] PONG = {'\r', '\n'};

    private final Socket socket;
    private final Transport over;
    private final Pieces in;
    private final Screen screen;
    private final LiveCounters tally;
    private final SipSettings settings;
    private final Supplier<SipSettings.Limits> limits;
    private final LongSupplier nanos;
    private final CountedParser parser;
    private final @Nullable Runnable spoke;
    private final byte[] buffer;

    /** Octets from {@code start} on are not looked at; those before {@code passed} may be read. */
    private int start;

    private int end;
    private int readAt;
    private int passed;

    /** Octets from {@code start} on that have to be there before they are looked at again. */
    private int awaited;

    /** Octets still to come of a message that nobody wants. */
    private int unwanted;

    /** Half a ping has come. */
    private boolean pinging;

    private boolean used;
    private long unfinishedSince;

    /** What all connections are held to. */
    record Rules(
            Screen screen,
            LiveCounters tally,
            SipSettings settings,
            Supplier<SipSettings.Limits> limits,
            LongSupplier nanos,
            CountedParser parser) {}

    /**
     * @param spoke told that the first whole message has come; null where the connection is ours to
     *     keep, so that silence is not limited
     */
    ScreenedStream(Socket socket, InputStream in, Rules rules, @Nullable Runnable spoke) {
        this.socket = socket;
        this.over = socket instanceof SSLSocket ? Transport.TLS : Transport.TCP;
        this.in = new Pieces(in);
        this.screen = rules.screen();
        this.tally = rules.tally();
        this.settings = rules.settings();
        this.limits = rules.limits();
        this.nanos = rules.nanos();
        this.parser = rules.parser();
        this.spoke = spoke;
        this.unfinishedSince = nanos.getAsLong();
        this.buffer = new byte[settings.maxMessageBytes() + 1];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (readAt == passed) {
            if (!look() && !fill()) {
                return -1;
            }
        }
        int count = Math.min(length, passed - readAt);
        System.arraycopy(buffer, readAt, into, offset, count);
        readAt += count;
        return count;
    }

    /** Looks at the next message; false if more of it has to come first. */
    private boolean look() throws IOException {
        if (end - start < awaited) {
            return false;
        }
        if (unwanted > 0) {
            int skipped = Math.min(unwanted, end - start);
            unwanted -= skipped;
            start += skipped;
        }
        int at = lineEnds();
        if (at > start) {
            pass(at);
            readAt = at; // by nobody: to the stack they would be part of the next message's length
            return true;
        }
        if (at == end || !headEnds(at)) {
            return false;
        }
        pinging = false;
        MessageHead head = MessageHead.of(buffer, at, end);
        if (head == null) {
            return false;
        }
        var source = new InetSocketAddress(socket.getInetAddress(), socket.getPort());
        long whole = (long) head.bodyAt() + Math.max(0, head.contentLength());
        // The parser takes heads up to half of the longest message, and of one that is as long as
        // may be it takes the body for a message.
        if (whole - at >= settings.maxMessageBytes()
                || head.bodyAt() - at > settings.maxMessageBytes() / 2) {
            refuse(
                    screen.tooLong(head, source, whole > MAX_SKIPPED),
                    (int) Math.min(whole, MAX_SKIPPED));
            return true;
        }
        if (whole > end) {
            awaited = (int) whole - start;
            return false;
        }
        if (!used && spoke != null) {
            spoke.run();
        }
        used = true;
        // Also where the next message has begun already: a busy peer always has one under way.
        unfinishedSince = nanos.getAsLong();
        switch (screen.look(head, (int) whole, source, over.name())) {
            case Screen.Verdict.Pass pass -> {
                // Behind a head that it cannot read, the stack takes the body for a message.
                if (parser.bodyBehind(buffer, at, head.bodyAt()) == whole - head.bodyAt()) {
                    pass((int) whole);
                } else {
                    refuse(screen.unreadable(head, source), (int) whole);
                }
            }
            case Screen.Verdict refusal -> refuse(refusal, (int) whole);
        }
        return true;
    }

    /**
     * Behind the line ends that come next, of which two are a ping (RFC 5626 §4.4.1); a return
     * whose newline is still to come is none.
     */
    private int lineEnds() throws IOException {
        int at = start;
        while (at < end) {
            if (buffer[at] == '\n') {
                at++;
            } else if (buffer[at] != '\r' || at + 1 == end) {
                break;
            } else if (buffer[at + 1] == '\n') {
                at += 2;
                pinging = !pinging;
                if (!pinging) {
                    answer(PONG);
                }
            } else {
                // The stack's thread would die of three in a row.
                tally.rejected(Rejection.MALFORMED);
                socket.close();
                throw new IOException("a carriage return between messages");
            }
        }
        return at;
    }

    private void pass(int until) {
        awaited = 0;
        readAt = start;
        passed = until;
        start = until;
    }

    private void refuse(Screen.Verdict refusal, int until) throws IOException {
        awaited = 0;
        if (refusal instanceof Screen.Verdict.Answer answer) {
            if (answer.message().length > 0) {
                answer(answer.message());
            }
            if (answer.lost()) {
                socket.close();
                throw new IOException("no message can be found in the stream any more");
            }
        }
        unwanted = Math.max(0, until - end);
        start = Math.min(until, end);
        readAt = start;
        passed = start;
    }

    private void answer(byte[] octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        synchronized (out) { // as the stack does that writes there, too
            out.write(octets);
            out.flush();
        }
    }

    /** Whether an empty line has come. */
    private boolean headEnds(int from) {
        int lineStart = from;
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                if (isBlank(lineStart, i)) {
                    return true;
                }
                lineStart = i + 1;
            }
        }
        return false;
    }

    /** To the stack's parser, which must find the same end, a control is a blank. */
    private boolean isBlank(int from, int until) {
        for (int i = from; i < until; i++) {
            if ((buffer[i] & 0xff) > ' ') {
                return false;
            }
        }
        return true;
    }

    /** Waits for more; false at the end of the stream. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        readAt = 0;
        passed = 0;
        if (end == buffer.length) {
            tally.rejected(Rejection.TOO_LONG);
            socket.close();
            throw new IOException("a message longer than " + settings.maxMessageBytes());
        }
        int count = patientRead();
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }

    private int patientRead() throws IOException {
        if (spoke != null) {
            boolean unfinished = !used || end > 0 || unwanted > 0;
            if (!unfinished) {
                unfinishedSince = nanos.getAsLong();
            }
            long waited = (nanos.getAsLong() - unfinishedSince) / 1_000_000;
            long left = unfinished ? UNFINISHED_MILLIS - waited : limits.get().tcpIdle().toMillis();
            socket.setSoTimeout(Math.clamp(left, 1, Integer.MAX_VALUE));
        }
        try {
            return in.read(buffer, end, end > 0 || unwanted > 0);
        } catch (SocketTimeoutException silent) {
            tally.rejected(Rejection.IDLE_CONNECTION);
            socket.close();
            throw silent;
        }
    }
}
