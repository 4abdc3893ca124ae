package org.consentgateway.sip.sdp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.media.TextFormat;
import org.jspecify.annotations.Nullable;

/** What text of a media line we can send and read (RFC 4103 §9 and §10). */
final class TextNegotiation {
    static final String T140 = "T140";
    static final String RED = "RED";
    static final int CLOCK_RATE = 1000;

    /** Where they are ours to number. */
    private static final int OUR_T140_PAYLOAD_TYPE = 98;

    private static final int OUR_RED_PAYLOAD_TYPE = 100;

    /** {@code 98/98/98}: the new text, and two generations of what was sent before. */
    private static final Pattern GENERATIONS = Pattern.compile("\\d{1,3}((?:/\\d{1,3}){0,8})");

    private static final Pattern RATE = Pattern.compile("(?:^|[; ])cps=(\\d{1,4})(?:$|[; ])");

    private TextNegotiation() {}

    /** What we offer. */
    static TextFormat offered() {
        return new TextFormat(
                OUR_T140_PAYLOAD_TYPE,
                OUR_RED_PAYLOAD_TYPE,
                TextFormat.USUAL_GENERATIONS,
                TextFormat.USUAL_CHARACTERS_PER_SECOND);
    }

    /** Null if the line has no text that we know. */
    static @Nullable TextFormat of(Media media) {
        PayloadFormat plain = payload(media, T140);
        if (plain == null) {
            return null;
        }
        PayloadFormat again = payload(media, RED);
        return new TextFormat(
                plain.payloadType(),
                again == null ? -1 : again.payloadType(),
                again == null ? 0 : generations(media, again.payloadType()),
                rate(media, plain.payloadType()));
    }

    private static @Nullable PayloadFormat payload(Media media, String name) {
        return media.payloads().stream()
                .filter(payload -> payload.name().equals(name) && payload.clockRate() == CLOCK_RATE)
                .findFirst()
                .orElse(null);
    }

    /** We need not send as many as the peer could use. */
    private static int generations(Media media, int payloadType) {
        String told = media.parameters().getOrDefault(payloadType, "");
        Matcher matcher = GENERATIONS.matcher(told);
        if (!matcher.matches()) {
            return TextFormat.USUAL_GENERATIONS;
        }
        long slashes = matcher.group(1).chars().filter(each -> each == '/').count();
        return (int) Math.min(slashes, TextFormat.USUAL_GENERATIONS);
    }

    /** No slower than one character a second: less would keep callers waiting for their rights. */
    private static int rate(Media media, int payloadType) {
        Matcher matcher = RATE.matcher(media.parameters().getOrDefault(payloadType, ""));
        return matcher.find()
                ? Math.max(1, Integer.parseInt(matcher.group(1)))
                : TextFormat.USUAL_CHARACTERS_PER_SECOND;
    }
}
