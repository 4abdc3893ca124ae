package org.consentgateway.sip.transport;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.Lexer;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.OwnHeaders;

/**
 * The stack's parser, mended, whose refusals are counted, and which takes out what only we may
 * write. Thread-safe. The stack answers them with a 400 that repeats the exception's text: that
 * must name neither the library nor what was sent, and hold no line end.
 */
final class CountedParser implements MessageParser {
    /** Completes the reason phrase "Bad Request (…)". */
    private static final String WHY = "Malformed Header Field";

    /** Its name, and its short one (RFC 3261, 20.42). */
    private static final Set<String> VIA = Set.of("via", "v");

    private final MessageParser parser = new Lenient();
    private final LiveCounters tally;
    private final boolean told;
    private final LongSupplier nanos;
    private final ConcurrentMap<Thread, Long> begun = new ConcurrentHashMap<>();

    /**
     * @param told whether what a gateway tells of consents is for us
     */
    CountedParser(LiveCounters tally, boolean told, LongSupplier nanos) {
        this.tally = tally;
        this.told = told;
        this.nanos = nanos;
    }

    /** How long it has been at the message that it has been at for longest. */
    Duration busy() {
        return begun.values().stream()
                .min(Long::compare)
                .map(since -> Duration.ofNanos(nanos.getAsLong() - since))
                .orElse(Duration.ZERO);
    }

    @Override
    public SIPMessage parseSIPMessage(
            byte[] message, boolean readBody, boolean strict, ParseExceptionListener listener)
            throws ParseException {
        begun.put(Thread.currentThread(), nanos.getAsLong());
        try {
            SIPMessage parsed = parser.parseSIPMessage(message, readBody, strict, listener);
            parsed.setSize(message.length); // of a datagram; the parser's own is without the body
            if (!told) {
                OwnHeaders.takeOut(parsed);
            }
            return parsed;
        } catch (ParseException malformed) {
            tally.rejected(Rejection.MALFORMED);
            throw new ParseException(WHY, malformed.getErrorOffset());
        } finally {
            begun.remove(Thread.currentThread());
        }
    }

    /**
     * Some malformed headers come out of the stack's parser as exceptions of its own (what is no
     * number in RSeq, {@code Server: /}, {@code Contact: *} before another), behind which the whole
     * message is forgotten and never answered. They are as others that are malformed: passed over
     * where nobody needs them (RFC 3261, 8.2.2), which the listener decides.
     */
    private static final class Lenient extends StringMsgParser {
        @Override
        protected void processHeader(
                String header, SIPMessage message, ParseExceptionListener listener, byte[] raw)
                throws ParseException {
            if (escapesItsEnd(header)) {
                listener.handleException(malformed(), message, Via.class, header, null);
                return;
            }
            try {
                super.processHeader(header, message, listener, raw);
            } catch (RuntimeException | StackOverflowError broken) {
                listener.handleException(malformed(), message, null, header, null);
            }
        }

        private static ParseException malformed() {
            return new ParseException(WHY, 0);
        }

        /**
         * A Via whose last octet is a backslash. It escapes nothing (RFC 3261, 25.1, quoted-pair);
         * within a comment the stack's parser reads on behind it, and what it finds there until the
         * memory is full.
         */
        private static boolean escapesItsEnd(String header) {
            String name = Lexer.getHeaderName(header);
            return header.endsWith("\\")
                    && name != null
                    && VIA.contains(name.toLowerCase(Locale.ROOT));
        }
    }
}
