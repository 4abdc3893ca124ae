package org.consentgateway.config;

import java.util.regex.Pattern;

/** Immutable. A password. Never printed: neither with the configuration nor in a complaint. */
public record Secret(String text) {
    static final String IN_WORDS = "a password";

    /** Else the words themselves would be the password, and the gateway shut out or open to all. */
    public static final String NOTHING_FILLED_IN =
            "holds ${…} or another name of a variable, and no variable is filled in here; write the"
                + " value itself, or name a file that holds it where there is a key …-file, or have"
                + " the file made by what starts the gateway (envsubst, a secret of Kubernetes)";

    /**
     * Names of variables as shells, Compose, Kubernetes, Helm, Ansible and Windows write them. One
     * without brackets only where there is nothing else: a password may hold such signs.
     */
    private static final Pattern UNFILLED =
            Pattern.compile(
                    ".*\\$\\{.*|.*\\{\\{.*}}.*|\\$\\(\\w+\\)|%\\{\\w+}|%[A-Z_]\\w*%|\\$[A-Z_][A-Z0-9_]*",
                    Pattern.DOTALL);

    /** Also in a file that was to be filled in by whoever deploys it. */
    public static boolean isUnfilled(String text) {
        return UNFILLED.matcher(text).matches();
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
