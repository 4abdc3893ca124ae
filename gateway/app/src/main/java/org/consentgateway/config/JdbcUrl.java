package org.consentgateway.config;

import java.nio.file.Path;

/**
 * Immutable. Where the ledger is kept.
 *
 * @param text with the path of an SQLite file made absolute
 */
public record JdbcUrl(String text) {
    static final String IN_WORDS =
            "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE?user=…&password=…";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";

    static JdbcUrl parse(String text, Path home) {
        if (text.startsWith(SQLITE) && text.length() > SQLITE.length()) {
            String file = text.substring(SQLITE.length());
            return file.startsWith(":")
                    ? new JdbcUrl(text)
                    : new JdbcUrl(SQLITE + home.resolve(file).normalize());
        }
        if (text.startsWith(POSTGRESQL) && text.length() > POSTGRESQL.length()) {
            return new JdbcUrl(text);
        }
        throw new IllegalArgumentException("no store of ours");
    }

    /** Without what follows the question mark: it may hold a password. */
    @Override
    public String toString() {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
