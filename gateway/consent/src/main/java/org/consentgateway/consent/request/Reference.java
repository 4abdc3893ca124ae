package org.consentgateway.consent.request;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Immutable. The number by which a caller and the company name a request: six digits, easily said
 * and written down. Follows from the id of the request, so nobody has to deal them out; two
 * requests may share one, and are then told apart by their ids.
 */
public record Reference(String digits) {
    private static final int LENGTH = 6;
    private static final long COUNT = 1_000_000;

    public Reference {
        if (!digits.matches("[0-9]{" + LENGTH + "}")) {
            throw new IllegalArgumentException("a reference has " + LENGTH + " digits");
        }
    }

    /**
     * @param id a UUIDv7: its low half is random
     */
    public static Reference of(UUID id) {
        long number = Math.floorMod(id.getLeastSignificantBits(), COUNT);
        return new Reference(String.format(Locale.ROOT, "%0" + LENGTH + "d", number));
    }

    /** One by one, as they are spoken. */
    public List<Character> spoken() {
        return digits.chars().mapToObj(digit -> (char) digit).toList();
    }

    @Override
    public String toString() {
        return digits;
    }
}
