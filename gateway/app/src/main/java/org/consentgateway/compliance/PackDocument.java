package org.consentgateway.compliance;

import java.util.List;

/**
 * Immutable. One document of the pack, filled.
 *
 * @param name such as "dpia"
 * @param markdown with tables as GitHub writes them
 * @param html a page of its own that loads nothing and prints
 * @param missing settings whose values it has to tell and that have none
 */
public record PackDocument(
        String name, String title, String markdown, String html, List<String> missing) {
    /** Those there are, in the order in which they are listed. */
    public static final List<String> NAMES =
            List.of(
                    "dpia",
                    "record-of-processing",
                    "measures",
                    "processor-agreement",
                    "privacy-notice",
                    "deletion-concept",
                    "legal-profile",
                    "checklists",
                    "ai-act",
                    "us-profile");

    public PackDocument {
        missing = List.copyOf(missing);
    }
}
