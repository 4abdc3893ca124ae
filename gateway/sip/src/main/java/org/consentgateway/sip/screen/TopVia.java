package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.consentgateway.sip.message.SipText;

/**
 * The topmost Via of a request: where its answer goes (RFC 3261 §18.2.2, RFC 3581 §4). Immutable.
 *
 * @param value of that one Via, without those behind it
 * @param sentByPort 5060 where it is not told, {@link #NO_PORT} where what is told is none
 * @param transport in capitals
 * @param wantsPort whether it bears an empty {@code rport}
 * @param leadsElsewhere whether it bears {@code maddr}: the stack would answer there
 */
record TopVia(
        String value,
        String transport,
        String host,
        int sentByPort,
        String branch,
        boolean wantsPort,
        boolean leadsElsewhere,
        boolean hasEmptyParameter) {
    static final int NO_PORT = 0;

    private static final int USUAL_PORT = 5060;
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    static TopVia of(String line) {
        String value = line.substring(0, end(line));
        String[] parts = value.split(";", -1);
        String[] words = SPACE.split(withoutComment(parts[0]), -1);
        String sentBy = words[words.length - 1];
        int colon = sentBy.lastIndexOf(':');
        boolean ported = colon > sentBy.lastIndexOf(']') && colon >= 0;
        String host = ported ? sentBy.substring(0, colon) : sentBy;
        int port = ported ? port(sentBy.substring(colon + 1)) : USUAL_PORT;
        String branch = "";
        boolean elsewhere = false;
        boolean empty = false;
        boolean wantsPort = false;
        for (int i = 1; i < parts.length; i++) {
            String parameter = withoutComment(parts[i]);
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals).strip();
            switch (name.toLowerCase(Locale.ROOT)) {
                case "branch" -> branch = equals < 0 ? "" : parameter.substring(equals + 1).strip();
                case "rport" -> wantsPort |= equals < 0;
                case "maddr" -> elsewhere = true;
                default -> {}
            }
            empty |= parameter.isEmpty();
        }
        return new TopVia(value, transport(words), host, port, branch, wantsPort, elsewhere, empty);
    }

    /** RFC 2543 §6.40 knows a comment behind all else. */
    private static String withoutComment(String part) {
        int comment = part.indexOf('(');
        return (comment < 0 ? part : part.substring(0, comment)).strip();
    }

    /** {@code SIP / 2.0 / UDP host}: behind the last slash, in capitals; white space is allowed. */
    private static String transport(String[] words) {
        String protocol = String.join("", java.util.Arrays.copyOf(words, words.length - 1));
        return protocol.substring(protocol.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    }

    private static int port(String text) {
        return PORT.matcher(text).matches() && Integer.parseInt(text) <= 65_535
                ? Integer.parseInt(text)
                : NO_PORT;
    }

    /** Where the first of a comma list ends; commas within quotes are none. */
    private static int end(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return line.length();
    }

    /** With what the receiver adds: {@code received}, and the port where that was asked for. */
    String seenFrom(InetSocketAddress source) {
        String told = value;
        if (wantsPort) {
            told = told.replaceFirst("(?i);\\s*rport\\s*(?=;|$)", ";rport=" + source.getPort());
        }
        String address = SipText.literal(source.getAddress());
        return wantsPort || !host.equals(address)
                ? told + ";received=" + SipText.bare(address)
                : told;
    }

    /** Never anywhere but to where it came from, whatever {@code maddr} says. */
    int answerPort(InetSocketAddress source) {
        return wantsPort || sentByPort == NO_PORT ? source.getPort() : sentByPort;
    }
}
