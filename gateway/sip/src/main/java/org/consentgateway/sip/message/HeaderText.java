package org.consentgateway.sip.message;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPMessage;
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

    /**
     * The same, with those that the stack could not read and left out: where what was written
     * forbids something, it does so though it is written badly.
     */
    public static List<String> all(Message message, String name) {
        List<String> values = values(message, name);
        Iterator<?> unread = ((SIPMessage) message).getUnrecognizedHeaders();
        while (unread.hasNext()) {
            String line = String.valueOf(unread.next());
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(name)) {
                values.addAll(parts(line.substring(colon + 1)));
            }
        }
        return values;
    }

    /** Of a comma list whose values may hold commas within quotes and angle brackets. */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '"' && !(quoted && list.charAt(i - 1) == '\\')) {
                quoted = !quoted;
            } else if (!quoted && (c == '<' || c == '>')) {
                bracketed = c == '<';
            } else if (c == ',' && !quoted && !bracketed) {
                parts.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(list.substring(start).strip());
        parts.removeIf(String::isEmpty);
        return parts;
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
