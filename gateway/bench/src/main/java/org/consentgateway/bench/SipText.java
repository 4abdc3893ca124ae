package org.consentgateway.bench;

/** Stateless. The little of SIP's text that the load program's telephones need. */
final class SipText {
    private SipText() {}

    /** The first header of that name, or the empty string. */
    static String header(String message, String name) {
        int at = message.indexOf("\r\n" + name + ":");
        if (at < 0) {
            return "";
        }
        int start = at + name.length() + 3;
        return message.substring(start, message.indexOf("\r\n", start)).strip();
    }

    /** The status of a response; 0 for a request. */
    static int status(String message) {
        return message.startsWith("SIP/2.0 ") ? Integer.parseInt(message.substring(8, 11)) : 0;
    }

    static String method(String request) {
        return request.substring(0, request.indexOf(' '));
    }

    /** What stands between the angle brackets. */
    static String address(String header) {
        return header.substring(header.indexOf('<') + 1, header.indexOf('>'));
    }

    /** The port of the one media line. */
    static int mediaPort(String message) {
        int at = message.indexOf("m=audio ") + 8;
        return Integer.parseInt(message.substring(at, message.indexOf(' ', at)));
    }

    /** The end of a message: an SDP, or nothing. */
    static String body(String sdp) {
        return sdp.isEmpty()
                ? "Content-Length: 0\r\n\r\n"
                : "Content-Type: application/sdp\r\nContent-Length: "
                        + sdp.length()
                        + "\r\n\r\n"
                        + sdp;
    }

    /**
     * 200, as the one who was called.
     *
     * @param headers more of them, each with its line's end
     */
    static String ok(String request, String headers, String sdp) {
        StringBuilder text = new StringBuilder("SIP/2.0 200 OK\r\n");
        String contact = "";
        for (String line : request.substring(0, request.indexOf("\r\n\r\n")).split("\r\n", -1)) {
            if (line.startsWith("Via:")
                    || line.startsWith("From:")
                    || line.startsWith("Call-ID:")
                    || line.startsWith("CSeq:")
                    || line.startsWith("Record-Route:")) {
                text.append(line).append("\r\n");
            } else if (line.startsWith("To:")) {
                text.append(line).append(line.contains(";tag=") ? "" : ";tag=a").append("\r\n");
            } else if (line.startsWith("INVITE ")) {
                contact = line.substring(7, line.indexOf(" SIP/2.0"));
            }
        }
        if (!contact.isEmpty()) {
            text.append("Contact: <").append(contact).append(">\r\n");
        }
        return text.append(headers).append(body(sdp)).toString();
    }
}
