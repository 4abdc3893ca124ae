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
                split(line.substring(colon + 1)).stream()
                        .filter(value -> !value.isEmpty())
                        .forEach(values::add);
            }
        }
        return values;
    }

    /**
     * Of a comma list, whose values may hold commas within quotes and angle brackets; each
     * stripped.
     */
    public static List<String> split(String value) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        boolean bracketed = false;
        int begin = 0;
        for (int i = 0; i < value.length(); i++) {
            switch (value.charAt(i)) {
                case '\\' -> i += quoted ? 1 : 0;
                case '"' -> quoted = !quoted;
                case '<' -> bracketed |= !quoted;
                case '>' -> bracketed &= quoted;
                case ',' -> {
                    if (!quoted && !bracketed) {
                        parts.add(value.substring(begin, i).strip());
                        begin = i + 1;
                    }
                }
                default -> {}
            }
        }
        parts.add(value.substring(begin).strip());
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
