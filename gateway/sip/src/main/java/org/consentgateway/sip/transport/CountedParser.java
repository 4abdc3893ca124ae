package org.consentgateway.sip.transport;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.Lexer;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;
import java.util.Locale;
import java.util.Set;
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

    /**
     * @param told whether what a gateway tells of consents is for us
     */
    CountedParser(LiveCounters tally, boolean told) {
        this.tally = tally;
        this.told = told;
    }

    @Override
    public SIPMessage parseSIPMessage(
            byte[] message, boolean readBody, boolean strict, ParseExceptionListener listener)
            throws ParseException {
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
            } catch (RuntimeException broken) {
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
