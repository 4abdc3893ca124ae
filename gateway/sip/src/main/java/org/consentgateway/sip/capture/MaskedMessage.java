package org.consentgateway.sip.capture;

import gov.nist.javax.sip.message.SIPResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Methods;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. A SIP message without whatever names a person or was said or pressed:
 * made anew of what is known to be harmless, so that what nobody has thought of is left out. Header
 * fields that are not listed here are not in it; of bodies only session descriptions are.
 */
final class MaskedMessage {
    private static final Pattern REQUEST = Pattern.compile("([A-Z]{1,20}) (\\S+) SIP/2\\.0");
    private static final Pattern STATUS = Pattern.compile("SIP/2\\.0 (\\d{3})(?: .*)?");
    private static final Pattern VIA =
            Pattern.compile("SIP/2\\.0/(UDP|TCP|TLS|SCTP|WS|WSS) ++([^; ][^;]*+)(;.*)?");
    private static final Pattern CSEQ = Pattern.compile("(\\d{1,10}) +([A-Z]{1,20})");
    private static final Pattern RACK = Pattern.compile("(\\d{1,10}) +(\\d{1,10}) +([A-Z]{1,20})");
    private static final Pattern COUNT = Pattern.compile("\\d{1,6}(;refresher=(uac|uas))?");
    private static final Pattern TYPE = Pattern.compile("([a-z]+/[a-z0-9.+-]{1,40})(;.*)?");
    private static final Pattern CAUSE =
            Pattern.compile("(Q\\.850|SIP) *+;.*?cause *+= *+(\\d{1,3})(?!\\d).*");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final Set<String> PEOPLE =
            Set.of(
                    "from",
                    "to",
                    "contact",
                    "route",
                    "record-route",
                    "path",
                    "service-route",
                    "p-asserted-identity",
                    "p-preferred-identity",
                    "remote-party-id",
                    "diversion",
                    "history-info",
                    "refer-to",
                    "referred-by");
    private static final Set<String> COUNTS =
            Set.of(
                    "max-forwards",
                    "expires",
                    "min-expires",
                    "session-expires",
                    "min-se",
                    "rseq",
                    "retry-after");
    private static final Set<String> LISTS =
            Set.of(
                    "allow",
                    "supported",
                    "require",
                    "proxy-require",
                    "unsupported",
                    "accept",
                    "content-disposition",
                    "privacy");

    /** Of such lists: option tags, media types and the words of RFC 3323; methods besides. */
    private static final Set<String> TOKENS =
            Set.of(
                    "100rel",
                    "199",
                    "from-change",
                    "gruu",
                    "histinfo",
                    "norefersub",
                    "outbound",
                    "path",
                    "precondition",
                    "privacy",
                    "replaces",
                    "sec-agree",
                    "timer",
                    "uui",
                    "application/sdp",
                    "application/dtmf-relay",
                    "message/sipfrag",
                    "session",
                    "render",
                    "early-session",
                    "none",
                    "header",
                    "user",
                    "id",
                    "critical",
                    "history");

    private static final String COOKIE = "z9hG4bK";

    private final MaskedIds ids;
    private final Set<String> users = new HashSet<>();
    private final MaskedUri uris = new MaskedUri(users);
    private boolean described;

    private MaskedMessage(MaskedIds ids) {
        this.ids = ids;
    }

    /**
     * @param text of a whole message
     * @return empty where it is no message of SIP
     */
    static String of(String text, MaskedIds ids) {
        return new MaskedMessage(ids).masked(text);
    }

    private String masked(String text) {
        int end = text.indexOf("\r\n\r\n");
        String head = end < 0 ? text : text.substring(0, end);
        String[] lines = head.replaceAll("\r\n[ \t]+", " ").split("\r\n", -1);
        learn(lines);
        String start = start(lines[0]);
        if (start.isEmpty()) {
            return "";
        }
        StringBuilder masked = new StringBuilder(start).append("\r\n");
        for (String line : List.of(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            String value =
                    colon < 0
                            ? ""
                            : field(
                                    name.toLowerCase(Locale.ROOT),
                                    line.substring(colon + 1).strip());
            if (!value.isEmpty()) {
                masked.append(name).append(": ").append(value).append("\r\n");
            }
        }
        String body = described && end >= 0 ? MaskedSdp.of(text.substring(end + 4)) : "";
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return masked.append("Content-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    private String start(String line) {
        Matcher request = REQUEST.matcher(line);
        if (request.matches()) {
            return method(request.group(1)) + " " + uris.of(request.group(2)) + " SIP/2.0";
        }
        Matcher status = STATUS.matcher(line);
        // The phrase may be anybody's words.
        return status.matches()
                ? "SIP/2.0 " + status.group(1) + " " + phrase(Integer.parseInt(status.group(1)))
                : "";
    }

    private static String phrase(int status) {
        String phrase = SIPResponse.getReasonPhrase(status);
        return phrase == null ? "Unknown" : phrase;
    }

    private static String method(String method) {
        return Methods.KNOWN.contains(method) ? method : "OTHER";
    }

    /** Whom this dialog is between, so that they are known in its Call-ID and tags, too. */
    private void learn(String[] lines) {
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("from:") || lower.startsWith("to:")) {
                users.addAll(MaskedUri.usersOf(uri(line.substring(line.indexOf(':') + 1))));
            }
        }
    }

    /** What of it is kept; empty: nothing. */
    private String field(String name, String value) {
        if (PEOPLE.contains(name)) {
            return people(value);
        }
        if (COUNTS.contains(name)) {
            return matching(COUNT, value);
        }
        if (LISTS.contains(name)) {
            return each(value, MaskedMessage::token);
        }
        return switch (name) {
            case "via" -> each(value, this::via);
            case "call-id" -> ids.of(value, users);
            case "cseq" -> sequence(value);
            case "rack" -> acknowledged(value);
            case "reason" -> cause(value);
            case "content-type" -> type(value);
            case "x-gateway-call-id" -> matching(ID, value);
            default -> "";
        };
    }

    private static String matching(Pattern allowed, String value) {
        return allowed.matcher(value).matches() ? value : "";
    }

    private static String token(String one) {
        boolean known =
                TOKENS.contains(one.toLowerCase(Locale.ROOT)) || Methods.KNOWN.contains(one);
        return known ? one : "";
    }

    private static String sequence(String value) {
        Matcher cseq = CSEQ.matcher(value);
        return cseq.matches() ? cseq.group(1) + " " + method(cseq.group(2)) : "";
    }

    private static String acknowledged(String value) {
        Matcher rack = RACK.matcher(value);
        return rack.matches()
                ? rack.group(1) + " " + rack.group(2) + " " + method(rack.group(3))
                : "";
    }

    private static String cause(String value) {
        Matcher cause = CAUSE.matcher(value);
        return cause.matches() ? cause.group(1) + ";cause=" + cause.group(2) : "";
    }

    private String type(String value) {
        Matcher type = TYPE.matcher(value.toLowerCase(Locale.ROOT));
        if (!type.matches()) {
            return "";
        }
        described = type.group(1).equals("application/sdp");
        return type.group(1);
    }

    private String via(String one) {
        Matcher via = VIA.matcher(one);
        if (!via.matches()) {
            return "";
        }
        StringBuilder masked =
                new StringBuilder("SIP/2.0/")
                        .append(via.group(1))
                        .append(' ')
                        .append(uris.host(via.group(2)));
        for (String parameter : parameters(via.group(3))) {
            if (parameter.startsWith("branch=")) {
                String branch = parameter.substring("branch=".length());
                boolean ours = branch.startsWith(COOKIE);
                String id = ids.of(ours ? branch.substring(COOKIE.length()) : branch, users);
                masked.append(";branch=").append(ours ? COOKIE : "").append(id);
            } else if (parameter.startsWith("received=")) {
                masked.append(";received=")
                        .append(uris.host(parameter.substring("received=".length())));
            } else if (parameter.matches("rport(=\\d{1,5})?")) {
                masked.append(';').append(parameter);
            }
        }
        return masked.toString();
    }

    private String people(String value) {
        return value.equals("*") ? value : each(value, this::person);
    }

    private String person(String one) {
        StringBuilder masked = new StringBuilder("<").append(uris.of(uri(one))).append('>');
        int close = one.lastIndexOf('>');
        int begin = one.indexOf(';', Math.max(close, 0));
        for (String parameter : parameters(begin < 0 ? null : one.substring(begin))) {
            if (parameter.startsWith("tag=")) {
                masked.append(";tag=").append(ids.of(parameter.substring("tag=".length()), users));
            } else if (parameter.matches(
                    "expires=\\d{1,6}|q=[01](\\.\\d{1,3})?|counter=\\d{1,2}|reason=[a-z-]{1,20}")) {
                masked.append(';').append(parameter);
            }
        }
        return masked.toString();
    }

    /** Between angle brackets, or up to the parameters of the header field. */
    private static String uri(String one) {
        int open = one.lastIndexOf('<');
        if (open >= 0) {
            int close = one.indexOf('>', open);
            return one.substring(open + 1, close < 0 ? one.length() : close);
        }
        int end = one.indexOf(';');
        return (end < 0 ? one : one.substring(0, end)).strip();
    }

    private static List<String> parameters(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(";", -1))
                        .map(String::strip)
                        .filter(one -> !one.isEmpty())
                        .toList();
    }

    private interface Masking {
        String mask(String one);
    }

    /** Of a list with commas, which may also stand in quotes and in angle brackets. */
    private static String each(String value, Masking masking) {
        List<String> kept = new ArrayList<>();
        for (String one : HeaderText.split(value)) {
            String masked = masking.mask(one);
            if (!masked.isEmpty()) {
                kept.add(masked);
            }
        }
        return String.join(", ", kept);
    }
}
