package org.consentgateway.token;

import java.util.function.Supplier;

/** Thread-safe. A consent that an assistant can check, in two sizes. */
public final class ConsentToken {
    private final String thin;
    private final Supplier<String> full;

    ConsentToken(String thin, Supplier<String> full) {
        this.thin = thin;
        this.full = full;
    }

    /** At most {@link ConsentTokens#MOST_THIN} characters: for a SIP header or a parameter. */
    public String thin() {
        return thin;
    }

    /** With the text that was spoken and the place in the log: for an API or a webhook. */
    public String full() {
        return full.get();
    }

    /** It opens nothing, but belongs into no log. */
    @Override
    public String toString() {
        return "ConsentToken[hidden]";
    }
}
