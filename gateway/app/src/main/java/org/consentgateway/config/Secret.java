package org.consentgateway.config;

/** Immutable. A password. Never printed: neither with the configuration nor in a complaint. */
public record Secret(String text) {
    static final String IN_WORDS = "a password";

    /** Else the words themselves would be the password, and the gateway shut out or open to all. */
    public static final String NOTHING_FILLED_IN =
            "holds ${…}, and no variable is filled in here; write the value itself, or name a file"
                    + " that holds it where there is a key …-file, or have the file made by what"
                    + " starts the gateway (envsubst, a secret of Kubernetes)";

    /** Also in a file that was to be filled in by whoever deploys it. */
    public static boolean isUnfilled(String text) {
        return text.contains("${");
    }

    static Secret parse(String text) {
        if (isUnfilled(text)) {
            throw new UnusableText(NOTHING_FILLED_IN);
        }
        if (text.isBlank()) {
            throw new UnusableText(
                    "is empty, which is no password; leave the key out if there is none");
        }
        return new Secret(text);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
