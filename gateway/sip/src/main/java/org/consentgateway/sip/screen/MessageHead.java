package org.consentgateway.sip.screen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a SIP message that an answer copies (RFC 3261 §8.2.6.2), as they came, but for
 * folded lines, which are joined. Immutable. All else is left to the parser.
 *
 * @param startLine without white space around it
 * @param vias values of the Via lines, topmost first; a line may hold several
 * @param repeated whether From, To, Call-ID, CSeq or Refer-To stands there more than once
 * @param bareReturn whether a carriage return stands anywhere but at the end of a line, which RFC
 *     3261 §25.1 knows not
 * @param contentLength {@link #NO_LENGTH} where it is not told, {@link #BAD_LENGTH} where it is no
 *     number, or two
 * @param lines header lines, counted as sent
 * @param separators commas, semicolons and ampersands in it: each may begin a value or parameter,
 *     of which the parser makes objects of a hundred octets
 * @param ended whether the empty line stands behind it, with its end
 * @param octets of it, with the empty line
 * @param bodyAt index of the first octet behind the empty line, or behind all
 */
public record MessageHead(
        String startLine,
        List<String> vias,
        @Nullable String from,
        @Nullable String to,
        @Nullable String callId,
        @Nullable String cseq,
        boolean repeated,
        boolean bareReturn,
        int contentLength,
        int lines,
        int separators,
        boolean ended,
        int octets,
        int bodyAt) {
    public static final int NO_LENGTH = -1;
    public static final int BAD_LENGTH = -2;
    static final String VERSION = "SIP/2.0";
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern STATUS = Pattern.compile("[1-6][0-9]{2}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9\\-.!%*_+`'~[^\\x00-\\x7f]]*+");

    /**
     * Reads octets {@code start} to {@code end}; octets above 127 are kept one by one, so that they
     * are answered as they came.
     *
     * @return null if there is no line at all
     */
    public static @Nullable MessageHead of(byte[] message, int start, int end) {
        int at = start;
        while (at < end && (message[at] == '\r' || message[at] == '\n')) {
            at++; // RFC 3261 §7.5: before a start line
        }
        if (at == end) {
            return null;
        }
        Reading reading = new Reading();
        String startLine = null;
        String line = null;
        StringBuilder folded = null;
        while (at < end) {
            int newline = at;
            while (newline < end && message[newline] != '\n') {
                byte octet = message[newline];
                reading.separators += octet == ',' || octet == ';' || octet == '&' ? 1 : 0;
                newline++;
            }
            int stop = newline > at && message[newline - 1] == '\r' ? newline - 1 : newline;
            boolean indented = stop > at && (message[at] == ' ' || message[at] == '\t');
            String text = new String(message, at, stop - at, StandardCharsets.ISO_8859_1);
            at = Math.min(newline + 1, end);
            reading.bareReturn |= text.indexOf('\r') >= 0;
            if (startLine == null) {
                startLine = text.strip();
                continue;
            }
            if (isBlank(text)) {
                reading.ended = newline < end;
                break;
            }
            reading.lines++;
            if (indented && line != null) {
                folded = folded == null ? new StringBuilder(line) : folded;
                folded.append(' ').append(text.strip());
                continue;
            }
            if (line != null) {
                reading.header(folded == null ? line : folded.toString());
            }
            line = text;
            folded = null;
        }
        if (line != null) {
            reading.header(folded == null ? line : folded.toString());
        }
        return reading.head(startLine == null ? "" : startLine, at - start, at);
    }

    /** As the stack's parser has it, which takes all controls for blanks, also around names. */
    private static boolean isBlank(String line) {
        return line.trim().isEmpty();
    }

    /** Confined to one reading. */
    private static final class Reading {
        private final List<String> vias = new ArrayList<>(4);
        private @Nullable String from;
        private @Nullable String to;
        private @Nullable String callId;
        private @Nullable String cseq;
        private @Nullable String referTo;
        private boolean repeated;
        private boolean bareReturn;
        private int contentLength = NO_LENGTH;
        private int lines;
        private int separators;
        private boolean ended;

        private void header(String line) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                return;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).trim().toLowerCase(Locale.ROOT)) {
                case "via", "v" -> vias.add(value);
                case "from", "f" -> from = once(from, value);
                case "to", "t" -> to = once(to, value);
                case "call-id", "i" -> callId = once(callId, value);
                case "cseq" -> cseq = once(cseq, value);
                case "refer-to", "r" -> referTo = once(referTo, value);
                case "content-length", "l" -> {
                    int length = number(value);
                    boolean other = contentLength != NO_LENGTH && contentLength != length;
                    contentLength = other ? BAD_LENGTH : length;
                }
                default -> {}
            }
        }

        private String once(@Nullable String before, String value) {
            repeated |= before != null;
            return before == null ? value : before;
        }

        private static int number(String text) {
            if (text.isEmpty() || text.length() > 9) {
                return BAD_LENGTH;
            }
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return BAD_LENGTH;
                }
            }
            return Integer.parseInt(text);
        }

        private MessageHead head(String startLine, int octets, int bodyAt) {
            return new MessageHead(
                    startLine,
                    vias,
                    from,
                    to,
                    callId,
                    cseq,
                    repeated,
                    bareReturn,
                    contentLength,
                    lines,
                    separators,
                    ended,
                    octets,
                    bodyAt);
        }
    }

    public boolean isResponse() {
        return startLine.regionMatches(true, 0, "SIP/", 0, 4);
    }

    /** Of a response (RFC 3261 §7.2); 0 where it has none. */
    int status() {
        String[] words = SPACES.split(startLine, 3);
        boolean told = isResponse() && words.length > 1 && STATUS.matcher(words[1]).matches();
        return told ? Integer.parseInt(words[1]) : 0;
    }

    /** The method that CSeq tells; empty where it tells none. */
    String sequenceMethod() {
        String[] words = cseq == null ? new String[0] : SPACES.split(cseq.strip(), -1);
        return words.length == 2 ? words[1] : "";
    }

    /** As written; empty if the start line has no white space. */
    public String method() {
        int space = startLine.indexOf(' ');
        return space < 0 ? "" : startLine.substring(0, space);
    }

    /** What the start line says of its protocol: {@code SIP/2.0}, or anything else. */
    public String version() {
        return isResponse()
                ? startLine.substring(0, Math.max(0, (startLine + " ").indexOf(' ')))
                : startLine.substring(startLine.lastIndexOf(' ') + 1);
    }

    public boolean isVersion2() {
        int length = VERSION.length();
        if (isResponse()) {
            return startLine.regionMatches(true, 0, VERSION, 0, length)
                    && (startLine.length() == length || startLine.charAt(length) == ' ');
        }
        int at = startLine.lastIndexOf(' ') + 1;
        return startLine.length() - at == length
                && startLine.regionMatches(true, at, VERSION, 0, length);
    }

    /** Whether the protocol is SIP, of another version. */
    public boolean isOtherVersion() {
        if (isVersion2()) {
            return false;
        }
        String version = version();
        return version.length() >= 7
                && version.regionMatches(true, 0, "SIP/", 0, 4)
                && version.substring(4).matches("[0-9]{1,4}\\.[0-9]{1,4}");
    }

    /** Whether an answer can be made of it: it says where to, and what of. */
    public boolean isAnswerable() {
        return !vias.isEmpty() && !isResponse() && !method().equals("ACK");
    }

    /** Between the method and the version; white space around it is borne, within it is not. */
    String requestUri() {
        int first = startLine.indexOf(' ');
        int last = startLine.lastIndexOf(' ');
        return first < last ? startLine.substring(first, last).strip() : "";
    }

    /** Null if the request belongs to no dialog, and no answer was made to it yet. */
    public @Nullable String toTag() {
        return to == null ? null : tag(to);
    }

    /** Whether a tag is what RFC 3261 §25.1 calls a token; octets above 127 are let pass. */
    public static boolean isToken(String tag) {
        return TOKEN.matcher(tag).matches();
    }

    /** The tag of a From or To value, with quotes where it is in such; null if it has none. */
    public static @Nullable String tag(String value) {
        int at = tagAt(value);
        return at < 0 ? null : value.substring(at, unquoted(value, ";", at)).strip();
    }

    /** Where that begins, or the white space before it; -1 if it has none. */
    public static int tagAt(String value) {
        int at = parameters(value);
        while (at < value.length()) {
            int end = unquoted(value, ";", at + 1);
            int equals = value.indexOf('=', at + 1);
            if (equals > at + 1
                    && equals < end
                    && value.substring(at + 1, equals).strip().equalsIgnoreCase("tag")) {
                return equals + 1;
            }
            at = end;
        }
        return -1;
    }

    /** Those of the header stand behind the angle brackets, or behind the bare URI. */
    private static int parameters(String value) {
        int at = unquoted(value, "<;", 0);
        if (at == value.length() || value.charAt(at) == ';') {
            return at;
        }
        int end = value.indexOf('>', at);
        return end < 0 ? value.length() : unquoted(value, ";", end);
    }

    /** The first of these characters that is in no quotes (RFC 3261 §25.1); the end if none is. */
    private static int unquoted(String value, String wanted, int from) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += c == '\\' ? 1 : 0;
            } else if (wanted.indexOf(c) >= 0) {
                return i;
            }
        }
        return value.length();
    }

    @Override
    public String toString() {
        return "MessageHead[" + method() + "]";
    }
}
