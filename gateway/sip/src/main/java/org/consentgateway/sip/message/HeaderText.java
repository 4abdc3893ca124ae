package org.consentgateway.sip.message;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.sip.header.Header;
import javax.sip.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Header fields as text, whether or not the stack has a type for them. The stack already splits
 * comma lists of the headers it knows; those it does not know come whole.
 */
public final class HeaderText {
    private HeaderText() {}

    public static List<String> values(Message message, String name) {
        List<String> values = new ArrayList<>();
        Iterator<?> headers = message.getHeaders(name);
        while (headers != null && headers.hasNext()) {
            if (headers.next() instanceof Header header) {
                String line = header.toString();
                int colon = line.indexOf(':');
                String value = colon < 0 ? "" : line.substring(colon + 1).strip();
                if (!value.isEmpty()) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    public static @Nullable String first(Message message, String name) {
        List<String> values = values(message, name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Option tags and methods: comma-separated tokens, in lower case. */
    public static List<String> tokens(Message message, String name) {
        List<String> tokens = new ArrayList<>();
        for (String value : values(message, name)) {
            for (String token : value.split(",", -1)) {
                if (!token.isBlank()) {
                    tokens.add(token.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return tokens;
    }

    /**
     * A header of this name, of the type the stack has for it.
     *
     * @throws IllegalArgumentException if the value is none of such a header
     */
    public static SIPHeader parsed(String name, String value) {
        try {
            return StringMsgParser.parseSIPHeader(name + ": " + oneLine(value));
        } catch (ParseException notAHeader) {
            throw new IllegalArgumentException("not a value for " + name, notAHeader);
        }
    }

    /** A value that cannot end its line and begin another. */
    public static String oneLine(String value) {
        StringBuilder clean = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            clean.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
        return clean.toString();
    }
}
