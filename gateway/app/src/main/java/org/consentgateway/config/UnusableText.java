package org.consentgateway.config;

/** A text that is none of its kind, said so that nothing is told that nobody should read. */
final class UnusableText extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String why;

    /**
     * @param why completes "KEY …"
     */
    UnusableText(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
