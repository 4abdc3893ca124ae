package org.consentgateway.sip.message;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What both sides agreed on keeping the session alive (RFC 4028). Immutable.
 *
 * @param intervalSeconds after which a session without a refresh is over
 * @param weRefresh whether the refreshes are ours to send
 */
public record SessionExpires(int intervalSeconds, boolean weRefresh) {
    public static final String HEADER = "Session-Expires";
    public static final String MIN_SE = "Min-SE";
    private static final Pattern VALUE = Pattern.compile("(\\d{1,9})\\s*(;.*)?");

    /**
     * What a message asks for.
     *
     * @param refresher "uac", "uas", or null if it is left to the other side
     */
    public record Asked(int seconds, @Nullable String refresher) {
        public static @Nullable Asked in(Message message) {
            String text = HeaderText.first(message, HEADER);
            Matcher value = VALUE.matcher(text == null ? "" : text);
            if (!value.matches()) {
                return null;
            }
            String parameters =
                    value.group(2) == null ? "" : value.group(2).toLowerCase(Locale.ROOT);
            String refresher =
                    parameters.contains("refresher=uac")
                            ? "uac"
                            : parameters.contains("refresher=uas") ? "uas" : null;
            return new Asked(Integer.parseInt(value.group(1)), refresher);
        }
    }

    /** RFC 4028 §9: our side of a request we answer with 2xx; null if no timer runs. */
    public static @Nullable SessionExpires answering(@Nullable Asked asked, boolean peerSupports) {
        if (asked == null) {
            return null;
        }
        // A peer that leaves it open and can do it, does it: we hear of its death either way.
        boolean peerRefreshes = peerSupports && !"uas".equals(asked.refresher());
        return new SessionExpires(asked.seconds(), !peerRefreshes);
    }

    /** RFC 4028 §7.2: what the 2xx to our request made of it. */
    public static @Nullable SessionExpires answered(@Nullable Asked agreed) {
        return agreed == null
                ? null
                : new SessionExpires(agreed.seconds(), !"uas".equals(agreed.refresher()));
    }

    /** As the 2xx says it: in our answer, the peer is the uac. */
    public String answerValue() {
        return intervalSeconds + ";refresher=" + (weRefresh ? "uas" : "uac");
    }

    /** RFC 4028 §10: the refresher refreshes at half the interval. */
    public long refreshAfterMillis() {
        return intervalSeconds * 1000L / 2;
    }

    /** RFC 4028 §10: the other side gives up the lesser of 32 s and a third before the end. */
    public long expiresAfterMillis() {
        return intervalSeconds * 1000L - Math.min(32_000L, intervalSeconds * 1000L / 3);
    }

    /** The Min-SE of a message in seconds; 0 if there is none. */
    public static int minimum(Message message) {
        String text = HeaderText.first(message, MIN_SE);
        Matcher value = VALUE.matcher(text == null ? "" : text);
        return value.matches() ? Integer.parseInt(value.group(1)) : 0;
    }
}
