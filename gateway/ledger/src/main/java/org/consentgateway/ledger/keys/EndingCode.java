package org.consentgateway.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How many entries end a consent, replace it or say no to it, as its look-up row has it: with a
 * code that only who has the pseudonym key can make. Without it, whoever deletes the row of a
 * withdrawal would bring the consent back.
 */
public final class EndingCode {
    private static final String BETWEEN = ":";
    private static final int CODE_BYTES = 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private EndingCode() {}

    /**
     * @param id of the consent's entry
     */
    public static String of(Pseudonyms pseudonyms, String id, int count) {
        return count + BETWEEN + text(pseudonyms.code(counted(id, count)));
    }

    /**
     * What follows on a count; null where that was changed.
     *
     * @param more fewer where negative
     */
    public static @Nullable String plus(Pseudonyms pseudonyms, String id, String text, int more) {
        OptionalInt before = read(pseudonyms, id, text);
        return before.isEmpty() ? null : of(pseudonyms, id, before.getAsInt() + more);
    }

    /** Empty where it was changed, or belongs to another entry. */
    public static OptionalInt read(Pseudonyms pseudonyms, String id, String text) {
        String[] parts = text.split(BETWEEN, 2);
        if (parts.length != 2 || !parts[0].matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int count = Integer.parseInt(parts[0]);
        boolean ours =
                codes(pseudonyms, id, count).stream()
                        .anyMatch(code ->
                                MessageDigest.isEqual(
                                        code.getBytes(UTF_8), parts[1].getBytes(UTF_8)));
        return ours ? OptionalInt.of(count) : OptionalInt.empty();
    }

    private static List<String> codes(Pseudonyms pseudonyms, String id, int count) {
        return pseudonyms.codes(counted(id, count)).stream().map(EndingCode::text).toList();
    }

    private static String counted(String id, int count) {
        return "endings " + id + " " + count;
    }

    private static String text(byte[] code) {
        return BASE64.encodeToString(Arrays.copyOf(code, CODE_BYTES));
    }
}
