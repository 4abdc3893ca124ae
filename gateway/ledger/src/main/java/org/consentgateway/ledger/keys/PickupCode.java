package org.consentgateway.ledger.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A code by which a person fetches what was approved for them: 60 bits under the pseudonym key, so
 * it is stored nowhere, and nobody finds one by trying. Twelve signs of Crockford's base 32, of
 * which none is taken for another.
 */
public final class PickupCode {
    private static final String SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 12;
    private static final int GROUP = 4;
    private static final BigInteger BASE = BigInteger.valueOf(SIGNS.length());

    private PickupCode() {}

    /**
     * @param approval the entry that it is for
     * @return such as "7Q2M-X0KD-93FA"
     */
    public static String of(Pseudonyms pseudonyms, UUID approval) {
        String code = all(pseudonyms, approval).getFirst();
        return String.join(
                "-",
                code.substring(0, GROUP),
                code.substring(GROUP, 2 * GROUP),
                code.substring(2 * GROUP));
    }

    /** Takes as long for each text, and does not mind how people write it. */
    public static boolean matches(Pseudonyms pseudonyms, UUID approval, String text) {
        byte[] read =
                text.toUpperCase(Locale.ROOT)
                        .replaceAll("[\\s-]", "")
                        .replace('O', '0')
                        .replace('I', '1')
                        .replace('L', '1')
                        .getBytes(UTF_8);
        boolean matches = false;
        for (String code : all(pseudonyms, approval)) {
            matches |= MessageDigest.isEqual(code.getBytes(UTF_8), read);
        }
        return matches;
    }

    /** The current key's first; under earlier ones it was told before a rotation. */
    private static List<String> all(Pseudonyms pseudonyms, UUID approval) {
        return pseudonyms.codes("pickup " + approval).stream().map(PickupCode::signs).toList();
    }

    private static String signs(byte[] code) {
        BigInteger rest = new BigInteger(1, Arrays.copyOf(code, Long.BYTES));
        StringBuilder signs = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            signs.append(SIGNS.charAt(rest.mod(BASE).intValue()));
            rest = rest.divide(BASE);
        }
        return signs.toString();
    }
}
