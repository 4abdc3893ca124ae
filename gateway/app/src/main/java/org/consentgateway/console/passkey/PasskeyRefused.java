package org.consentgateway.console.passkey;

/** What a device has shown opens nothing; the message is for the log and says why. */
public final class PasskeyRefused extends Exception {
    private static final long serialVersionUID = 1L;

    PasskeyRefused(String why) {
        super(why, null, false, false);
    }

    /** For the log. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
