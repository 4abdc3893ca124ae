package org.consentgateway.ledger.archive;

/** Immutable. The name of one notice: a known one has one text, for good. */
public record NoticeKey(String lineage, String version, String language, String variant) {
    /** As a path, such as "demo/de/2026-11" or, of a variant, "demo/de/2026-11.b". */
    @Override
    public String toString() {
        String tail = variant.equals("a") ? "" : "." + variant;
        return lineage + "/" + language + "/" + version + tail;
    }
}
