package org.consentgateway.proof.imports;

import java.util.List;
import java.util.Map;

/**
 * Immutable. One consent as it was handed in.
 *
 * @param number from 1 on, without the heading
 * @param fields by their name; what is empty is not there
 */
public record ImportRow(int number, Map<String, String> fields) {
    /** All that a row may have. */
    public static final List<String> FIELDS =
            List.of(
                    "reference",
                    "number",
                    "source",
                    "form",
                    "given_at",
                    "until",
                    "notice",
                    "notice_version",
                    "language",
                    "text_sha256",
                    "purposes",
                    "identified");

    public ImportRow {
        fields = Map.copyOf(fields);
    }

    /** Empty where it is missing. */
    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    boolean has(String field) {
        return !text(field).isEmpty();
    }

    /** It has a telephone number. */
    @Override
    public String toString() {
        return "ImportRow[" + number + "]";
    }
}
