package org.consentgateway.sip;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.MessageParserFactory;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/**
 * Immutable. Looks at a message before the stack's parser does, which takes any protocol version
 * for 2.0 and any number of headers. Public because the stack makes it by name.
 */
public final class CheckedParsing implements MessageParserFactory {
    /** Header lines of one message; a call through five proxies has some forty. */
    static final int MAX_HEADER_LINES = 200;

    private static final String VERSION = "SIP/2.0";

    @Override
    public MessageParser createMessageParser(SIPTransactionStack stack) {
        return new Checked();
    }

    /** Confined to its connection, or to one datagram. */
    private static final class Checked extends StringMsgParser {
        @Override
        public SIPMessage parseSIPMessage(
                byte[] message, boolean readBody, boolean strict, ParseExceptionListener listener)
                throws ParseException {
            check(message);
            return super.parseSIPMessage(message, readBody, strict, listener);
        }
    }

    static void check(byte[] message) throws ParseException {
        int start = 0;
        while (start < message.length && message[start] <= ' ') {
            start++;
        }
        if (start == message.length) {
            // Keep-alive line ends are no message.
            return;
        }
        int end = start;
        while (end < message.length && message[end] != '\r' && message[end] != '\n') {
            end++;
        }
        String first = new String(message, start, end - start, StandardCharsets.US_ASCII).strip();
        if (!first.startsWith(VERSION + " ") && !first.endsWith(" " + VERSION)) {
            throw new ParseException("not " + VERSION, 0);
        }
        int lines = 0;
        for (int i = end; i < message.length; i++) {
            if (message[i] == '\n') {
                boolean blank =
                        i + 1 < message.length
                                && (message[i + 1] == '\n' || message[i + 1] == '\r');
                if (blank) {
                    return;
                }
                if (++lines > MAX_HEADER_LINES) {
                    throw new ParseException("more than " + MAX_HEADER_LINES + " header lines", i);
                }
            }
        }
    }
}
