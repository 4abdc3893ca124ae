package org.consentgateway.config;

/** Where the reader of a file tells what is wrong in it. */
@FunctionalInterface
public interface Mistakes {
    /** The arguments are those of {@link Problem}. */
    void at(int line, String key, String wrong, String right);
}
