package org.consentgateway.console.account;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Immutable. A password as it is stored: Argon2id (RFC 9106) in the usual text form, with what it
 * cost, so that the cost can rise later.
 */
public record PasswordHash(String text) {
    /** OWASP's second choice: 19 MiB, two passes, one lane; some 30 ms. */
    private static final int KIBIBYTES = 19_456;

    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;

    private static final Pattern FORM =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})"
                            + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{43})");

    /** Nobody's: whoever does not exist takes as long as whoever does. */
    public static final PasswordHash NOBODYS =
            of("nobody has this password".toCharArray(), new SecureRandom());

    /** Such that a small change of the file does not make a sign-in take minutes. */
    private static final int MOST_KIBIBYTES = 1 << 18;

    public PasswordHash {
        Matcher form = FORM.matcher(text);
        if (!form.matches()
                || Integer.parseInt(form.group(1)) > MOST_KIBIBYTES
                || Integer.parseInt(form.group(1)) < 8 * Integer.parseInt(form.group(3))
                || Integer.parseInt(form.group(2)) < 1
                || Integer.parseInt(form.group(3)) < 1) {
            throw new IllegalArgumentException("no hash by Argon2id");
        }
    }

    public static PasswordHash of(char[] password, SecureRandom random) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        byte[] hash = hash(password, salt, KIBIBYTES, PASSES, LANES);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash(
                "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                        .formatted(
                                KIBIBYTES,
                                PASSES,
                                LANES,
                                base64.encodeToString(salt),
                                base64.encodeToString(hash)));
    }

    public boolean matches(char[] password) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalStateException("was looked at when it was made");
        }
        byte[] hash =
                hash(
                        password,
                        Base64.getDecoder().decode(form.group(4)),
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)));
        return MessageDigest.isEqual(hash, Base64.getDecoder().decode(form.group(5)));
    }

    private static byte[] hash(char[] password, byte[] salt, int kibibytes, int passes, int lanes) {
        var generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(kibibytes)
                        .withIterations(passes)
                        .withParallelism(lanes)
                        .withSalt(salt)
                        .build());
        var utf8 = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] octets = new byte[utf8.remaining()];
        utf8.get(octets);
        byte[] hash = new byte[HASH_OCTETS];
        generator.generateBytes(octets, hash);
        Arrays.fill(octets, (byte) 0);
        return hash;
    }

    @Override
    public String toString() {
        return "PasswordHash";
    }
}
