package org.consentgateway.testkit.attack;

/**
 * What makes a message large. Immutable.
 *
 * @param octets of the message but for its body, about
 * @param header that has the values
 * @param values in it; 0: one of no meaning
 * @param body octets of the body
 * @param lines kind of those of a session description that is the body: m, a or candidates
 */
record Filling(int octets, String header, int values, int body, String lines) {
    /** What a message has without it. */
    private static final int USUAL = 400;

    /** Header fields, each with its line's end. */
    String headers() {
        int room = Math.max(0, octets - USUAL);
        if (values == 0) {
            return "X-Filling: " + "x".repeat(room) + "\r\n";
        }
        StringBuilder text = new StringBuilder(header).append(": ");
        for (int i = 0; i < values; i++) {
            text.append(i == 0 ? "" : ",").append(value(i, room / values - 1));
        }
        return text.append("\r\n").toString();
    }

    private String value(int number, int length) {
        return switch (header) {
            case "Accept" -> "a/" + "b".repeat(Math.max(1, length - 2));
            case "Via" -> "SIP/2.0/UDP h;branch=z9hG4bK" + number;
            case "Route", "Record-Route" ->
                    "<sip:h" + number + ".invalid;lr" + "x".repeat(Math.max(0, length - 22)) + ">";
            default -> "v" + "x".repeat(Math.max(0, length - 1));
        };
    }

    /** Of a body that is text. */
    String text() {
        return "x".repeat(body);
    }

    /** Lines for the end of a session description. */
    String description() {
        StringBuilder text = new StringBuilder();
        while (text.length() < body) {
            text.append(
                    switch (lines) {
                        case "m" -> "m=audio 9 RTP/AVP 0\r\n";
                        case "candidates" -> "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n";
                        default -> "a=x\r\n";
                    });
        }
        return text.toString();
    }
}
