package org.consentgateway.sip.screen;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the few lines of a request that everything hangs on (RFC 3261 §8.1.1, §25.1),
 * found before the parser, which answers some of it over one transport and none over another.
 */
public final class Faults {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,10}");

    private Faults() {}

    /**
     * The first fault of a request of version 2.0, as a reason phrase for 400.
     *
     * @param protocol it came by, as in a Via: UDP, TCP or TLS
     * @return null if there is none
     */
    public static @Nullable String of(MessageHead head, String protocol) {
        String uri = head.requestUri();
        if (uri.isEmpty() || uri.indexOf(' ') >= 0 || uri.indexOf('<') >= 0) {
            return "Bad Request-URI";
        }
        if (isBareIpv6(uri)) {
            return "IPv6 Address Without Brackets";
        }
        String from = head.from();
        String to = head.to();
        String cseq = head.cseq();
        if (head.vias().isEmpty()
                || from == null
                || to == null
                || cseq == null
                || head.callId() == null) {
            return "Missing Header Field";
        }
        if (head.repeated()) {
            return "Repeated Header Field";
        }
        String tag = MessageHead.tag(from);
        if (tag == null) {
            return "From Without Tag";
        }
        // Whom we have called writes what it wants: its requests are known by our tag.
        String ours = head.toTag();
        if (!MessageHead.isToken(tag) && (ours == null || ours.isEmpty())) {
            return "Bad Tag";
        }
        if (isOpenQuote(from) || isOpenQuote(to)) {
            return "Quoted String Without End";
        }
        if (!isSequence(cseq, head.method())) {
            return "Bad CSeq";
        }
        return isBadVia(head.vias().getFirst(), protocol) ? "Bad Via" : null;
    }

    /** A host with colons that are not in brackets; one colon separates the port. */
    private static boolean isBareIpv6(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("sip:") && !lower.startsWith("sips:")) {
            return false;
        }
        String rest = uri.substring(Math.max(uri.indexOf(':'), uri.lastIndexOf('@')) + 1);
        int end = 0;
        while (end < rest.length() && ";?".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String host = rest.substring(rest.lastIndexOf(']', end) + 1, end);
        return host.indexOf(':') != host.lastIndexOf(':');
    }

    private static boolean isOpenQuote(String value) {
        boolean open = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (open && c == '\\') {
                i++;
            } else if (c == '"') {
                open = !open;
            }
        }
        return open;
    }

    /** RFC 3261 §8.1.1.5: a number below 2^31, and the method of the request. */
    private static boolean isSequence(String cseq, String method) {
        String[] parts = SPACE.split(cseq, -1);
        return parts.length == 2
                && parts[1].equals(method)
                && SEQUENCE.matcher(parts[0]).matches()
                && Long.parseLong(parts[0]) <= Integer.MAX_VALUE;
    }

    /** Answers go back the way the request came, and nowhere else. */
    private static boolean isBadVia(String line, String protocol) {
        TopVia via = TopVia.of(line);
        // A bare magic cookie would be the same transaction for everybody.
        return via.host().isEmpty()
                || via.sentByPort() == TopVia.NO_PORT
                || via.hasEmptyParameter()
                || via.leadsElsewhere()
                || !via.transport().equals(protocol)
                || via.branch().equalsIgnoreCase("z9hG4bK");
    }
}
