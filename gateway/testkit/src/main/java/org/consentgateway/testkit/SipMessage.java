package org.consentgateway.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message as it is on the wire, read and written apart from the gateway's own parser, so that
 * the two share no mistake. Immutable.
 */
public record SipMessage(String text) {
    private static final String LINE_END = "\r\n";
    private static final String RESPONSE = "SIP/2.0 ";

    public String startLine() {
        int end = text.indexOf(LINE_END);
        return end < 0 ? text : text.substring(0, end);
    }

    /** The status of a response; 0 for a request. */
    public int status() {
        return text.startsWith(RESPONSE) ? Integer.parseInt(text.substring(8, 11)) : 0;
    }

    /** The method of a request; for a response, and for a keep-alive, it is none of them. */
    public String method() {
        int end = text.indexOf(' ');
        return end < 0 ? "" : text.substring(0, end);
    }

    /** The Request-URI. */
    public String uri() {
        int start = text.indexOf(' ') + 1;
        return text.substring(start, text.indexOf(' ', start));
    }

    /**
     * The first of exactly that name; the empty string if there is none. Three times as fast as
     * {@link #header}, for programs that hear many messages.
     */
    public String first(String name) {
        int at = text.indexOf(LINE_END + name + ":");
        return at < 0 ? "" : value(name, at + 2);
    }

    /** All of that name, as a comma list; the empty string if there is none. */
    public String header(String name) {
        String all = "";
        for (int at = next(name, 0); at >= 0; at = next(name, at)) {
            all = all.isEmpty() ? value(name, at) : all + ", " + value(name, at);
        }
        return all;
    }

    /** All of that name, in their order. */
    public List<String> headers(String name) {
        List<String> all = new ArrayList<>();
        for (int at = next(name, 0); at >= 0; at = next(name, at)) {
            all.add(value(name, at));
        }
        return all;
    }

    /** Where the next header line of this name begins after this place; -1 if there is none. */
    private int next(String name, int after) {
        int at = text.indexOf(LINE_END, after);
        while (at >= 0) {
            int line = at + 2;
            if (text.startsWith(LINE_END, line)) {
                return -1;
            }
            int colon = line + name.length();
            if (text.regionMatches(true, line, name, 0, name.length())
                    && text.startsWith(":", colon)) {
                return line;
            }
            at = text.indexOf(LINE_END, line);
        }
        return -1;
    }

    private String value(String name, int line) {
        return text.substring(line + name.length() + 1, text.indexOf(LINE_END, line)).strip();
    }

    /** The tag that the called side has given; the empty string if there is none. */
    public String toTag() {
        return tag(header("To"));
    }

    public String fromTag() {
        return tag(header("From"));
    }

    private static String tag(String header) {
        int tag = header.indexOf("tag=");
        return tag < 0 ? "" : header.substring(tag + 4);
    }

    public String body() {
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /** What stands between the angle brackets of a header. */
    public static String address(String header) {
        return header.substring(header.indexOf('<') + 1, header.indexOf('>'));
    }

    /** What the first group of a pattern finds, such as {@code m=audio (\d+)}. */
    public String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in: " + startLine());
        }
        return matcher.group(1);
    }

    /** The port of the one media line. */
    public int mediaPort() {
        int at = text.indexOf("m=audio ") + 8;
        return Integer.parseInt(text.substring(at, text.indexOf(' ', at)));
    }

    /** A response to this request, without a tag of ours. */
    public String response(String statusAndReason, String headers, String sdp) {
        return response(statusAndReason, "", headers, sdp);
    }

    /**
     * A response to this request (RFC 3261 §8.2.6.2).
     *
     * @param toTag given to the To that has none yet; may be empty
     * @param headers more of them, each with its line's end
     */
    public String response(String statusAndReason, String toTag, String headers, String sdp) {
        StringBuilder response = new StringBuilder(RESPONSE).append(statusAndReason).append("\r\n");
        copy("Via", response);
        copy("Record-Route", response);
        copy("From", response);
        response.append("To: ").append(header("To"));
        if (!toTag.isEmpty() && toTag().isEmpty()) {
            response.append(";tag=").append(toTag);
        }
        response.append(LINE_END);
        copy("Call-ID", response);
        copy("CSeq", response);
        return response.append(headers).append(end("application/sdp", sdp)).toString();
    }

    private void copy(String name, StringBuilder to) {
        for (int at = next(name, 0); at >= 0; at = next(name, at)) {
            to.append(name).append(": ").append(value(name, at)).append(LINE_END);
        }
    }

    /** The last headers of a message and what follows them: a body, or nothing. */
    public static String end(String contentType, String body) {
        return (body.isEmpty() ? "" : "Content-Type: " + contentType + LINE_END)
                + ("Content-Length: " + body.length() + "\r\n\r\n")
                + body;
    }
}
