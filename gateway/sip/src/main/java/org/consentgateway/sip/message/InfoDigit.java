package org.consentgateway.sip.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Request;

/** What an INFO says: a key press as Cisco and most gateways write it, or nothing. Immutable. */
public sealed interface InfoDigit {
    record Empty() implements InfoDigit {}

    record Pressed(char digit, int durationMillis) implements InfoDigit {}

    record Foreign() implements InfoDigit {}

    /** Where none is told. */
    int USUAL_MILLIS = 160;

    /** Within one line: a body of nothing but line ends costs no more than its length. */
    Pattern SIGNAL = Pattern.compile("(?im)^\\h*+Signal\\h*+=\\h*+([0-9A-D*#])\\h*+$");

    Pattern DURATION = Pattern.compile("(?im)^\\h*+Duration\\h*+=\\h*+(\\d{1,5}+)\\h*+$");
    Pattern PLAIN = Pattern.compile("\\s*+([0-9A-Da-d*#])\\s*+");

    static InfoDigit of(Request info) {
        byte[] raw = info.getRawContent();
        if (raw == null || raw.length == 0) {
            return new Empty();
        }
        ContentTypeHeader type = (ContentTypeHeader) info.getHeader(ContentTypeHeader.NAME);
        if (type == null || !type.getContentType().equalsIgnoreCase("application")) {
            return new Foreign();
        }
        String text = new String(raw, StandardCharsets.US_ASCII);
        return switch (type.getContentSubType().toLowerCase(Locale.ROOT)) {
            case "dtmf-relay" -> {
                Matcher signal = SIGNAL.matcher(text);
                Matcher duration = DURATION.matcher(text);
                yield signal.find()
                        ? new Pressed(
                                digit(signal.group(1)),
                                duration.find()
                                        ? Integer.parseInt(duration.group(1))
                                        : USUAL_MILLIS)
                        : new Foreign();
            }
            case "dtmf" -> {
                Matcher plain = PLAIN.matcher(text);
                yield plain.matches()
                        ? new Pressed(digit(plain.group(1)), USUAL_MILLIS)
                        : new Foreign();
            }
            default -> new Foreign();
        };
    }

    private static char digit(String text) {
        return Character.toUpperCase(text.charAt(0));
    }
}
