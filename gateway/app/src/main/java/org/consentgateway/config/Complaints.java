package org.consentgateway.config;

/** Where the rules between keys report what is wrong. */
public interface Complaints {
    /**
     * Complains about a key. A key that is already complained about is left alone: its value is
     * only a stand-in.
     *
     * @param key as in {@link Problem#key}
     */
    void about(String key, String wrong, String right);
}
