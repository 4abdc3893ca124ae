package org.consentgateway.api.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. A key as its owner has it, {@code cgk_ID_SECRET}: found by those who look for secrets
 * that were left lying about, and told apart without the secret.
 */
public record ApiKeyText(String id, String text) {
    static final String BEGINNING = "cgk_";

    private static final Pattern FORM =
            Pattern.compile(BEGINNING + "([a-z2-7]{8})_[A-Za-z0-9_-]{43}");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;
    private static final int SECRET_OCTETS = 32;

    static ApiKeyText mint(SecureRandom random) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] secret = new byte[SECRET_OCTETS];
        random.nextBytes(secret);
        String text =
                BEGINNING
                        + id
                        + "_"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new ApiKeyText(id.toString(), text);
    }

    static Optional<ApiKeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new ApiKeyText(form.group(1), text)) : Optional.empty();
    }

    String sha256() {
        return Digests.hex(Digests.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public String toString() {
        return "ApiKeyText[" + id + "]";
    }
}
