package org.consentgateway.notice;

import java.util.List;
import java.util.Optional;

/** What the shipped example left to be filled in: names that stand for nobody. */
public final class ExampleCompany {
    /** Names and places of the shipped texts, and the domain that RFC 2606 keeps for examples. */
    private static final List<String> NAMES =
            List.of(
                    "Musterfirma",
                    "Musterstadt",
                    "Musterweg",
                    "Firma Beispiel",
                    "Beispielweg",
                    "Example Company",
                    "Example Street",
                    "Sample Ltd",
                    ".example");

    private ExampleCompany() {}

    /** The first of its names that is in a text. */
    public static Optional<String> in(String text) {
        return NAMES.stream().filter(text::contains).findFirst();
    }
}
