package org.consentgateway.console.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Immutable. The second factor: codes by time (RFC 6238) with what every authenticator app can do,
 * SHA-1, six digits, half a minute.
 *
 * @param base32 as apps take it (RFC 4648 §6), 160 bits
 */
public record TotpSecret(String base32) {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS_PER_LETTER = 5;
    private static final int OCTETS = 20;
    private static final int STEP_SECONDS = 30;
    private static final int CODES = 1_000_000;

    public TotpSecret {
        if (!base32.matches("[A-Z2-7]{32}")) {
            throw new IllegalArgumentException("no secret of 160 bits in base32");
        }
    }

    public static TotpSecret mint(SecureRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < OCTETS * Byte.SIZE / BITS_PER_LETTER; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new TotpSecret(text.toString());
    }

    /** What an authenticator app reads, also as a QR code. */
    public String uri(String account) {
        return "otpauth://totp/Consent%%20gateway:%s?secret=%s&issuer=Consent%%20gateway"
                .formatted(account, base32);
    }

    /**
     * Also that of the half-minute before and behind: clocks differ, and people are slow. All three
     * are looked at, whichever is right.
     *
     * @return which half-minute's it is, since each counts once; empty where it is wrong
     */
    public OptionalLong stepOf(String code, Instant now) {
        byte[] shown = code.replace(" ", "").getBytes(StandardCharsets.UTF_8);
        long newest = newestStep(now);
        OptionalLong found = OptionalLong.empty();
        for (long step = newest - 2; step <= newest; step++) {
            if (MessageDigest.isEqual(code(step).getBytes(StandardCharsets.UTF_8), shown)) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The half-minute behind: no code of a later one opens. */
    static long newestStep(Instant now) {
        return now.getEpochSecond() / STEP_SECONDS + 1;
    }

    /** That an app shows at this time. */
    public String code(Instant at) {
        return code(at.getEpochSecond() / STEP_SECONDS);
    }

    /** RFC 4226 §5.3. */
    private String code(long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(octets(), "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xF;
            int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%06d", number % CODES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA1", e);
        }
    }

    private byte[] octets() {
        byte[] octets = new byte[OCTETS];
        int bits = 0;
        int held = 0;
        int next = 0;
        for (int i = 0; i < base32.length(); i++) {
            bits = (bits << BITS_PER_LETTER) | ALPHABET.indexOf(base32.charAt(i));
            held += BITS_PER_LETTER;
            if (held >= Byte.SIZE) {
                held -= Byte.SIZE;
                octets[next++] = (byte) (bits >> held);
            }
        }
        return octets;
    }

    @Override
    public String toString() {
        return "TotpSecret";
    }
}
