package org.consentgateway.sip.transport;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;
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
     * What is no number where one belongs (RSeq, RAck, Min-Expires, MIME-Version) comes out of the
     * stack's parser as an exception of its own, behind which the whole message is forgotten and
     * never answered. It is a malformed header like others: passed over where nobody needs it (RFC
     * 3261, 8.2.2), which the listener decides.
     */
    private static final class Lenient extends StringMsgParser {
        @Override
        protected void processHeader(
                String header, SIPMessage message, ParseExceptionListener listener, byte[] raw)
                throws ParseException {
            try {
                super.processHeader(header, message, listener, raw);
            } catch (NumberFormatException malformed) {
                listener.handleException(new ParseException(WHY, 0), message, null, header, null);
            }
        }
    }
}
