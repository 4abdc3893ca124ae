package org.consentgateway.sip.capture;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Confined to one thread. Call-IDs, tags and branches, which are random with most systems and bear
 * a number or an address with some. What looks random stays, so that it can be compared with what
 * the other side knows; the rest becomes a code under a key of this process: the same for the same
 * text, and nothing to go back from.
 */
final class MaskedIds {
    private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,128}");
    private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9]");

    /** As long as a subscriber's number is at least, with its area. */
    private static final Pattern NUMBER = Pattern.compile("\\d{7}");

    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}([._-])\\d{1,3}\\1\\d{1,3}\\1\\d{1,3}");

    /** Shorter ones are in half of all random texts. */
    private static final int SHORTEST_USER = 3;

    private static final int CODE_OCTETS = 8;

    private final Mac mac;

    /**
     * @param key of this process
     */
    MaskedIds(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    /**
     * @param users who calls and who is called: their parts of the URIs before the host
     */
    String of(String id, Set<String> users) {
        return isRandom(id, users) ? id : code(id);
    }

    private static boolean isRandom(String id, Set<String> users) {
        if (!RANDOM.matcher(id).matches()
                || NUMBER.matcher(id).find()
                || ADDRESS.matcher(id).find()) {
            return false;
        }
        String bare = bare(id);
        return users.stream()
                .map(MaskedIds::bare)
                .filter(user -> user.length() >= SHORTEST_USER)
                .noneMatch(bare::contains);
    }

    private static String bare(String text) {
        return SEPARATOR.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private String code(String id) {
        byte[] code = mac.doFinal(id.getBytes(StandardCharsets.UTF_8));
        return "m-" + HexFormat.of().formatHex(code, 0, CODE_OCTETS);
    }
}
