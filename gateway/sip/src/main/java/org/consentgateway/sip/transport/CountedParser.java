package org.consentgateway.sip.transport;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import java.text.ParseException;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.OwnHeaders;

/**
 * The stack's parser, whose refusals are counted, and which takes out what only we may write.
 * Thread-safe. The stack answers them with a 400 that repeats the exception's text: that must name
 * neither the library nor what was sent, and hold no line end.
 */
final class CountedParser implements MessageParser {
    /** Completes the reason phrase "Bad Request (…)". */
    private static final String WHY = "Malformed Header Field";

    private final MessageParser parser;
    private final LiveCounters tally;
    private final boolean told;

    /**
     * @param told whether what a gateway tells of consents is for us
     */
    CountedParser(MessageParser parser, LiveCounters tally, boolean told) {
        this.parser = parser;
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
}
