package org.consentgateway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Where the ledger is kept. Only forms that the drivers take are let through: what they
 * say of others has the whole text in it, and so a password.
 *
 * @param text with the path of an SQLite file made absolute
 */
public record JdbcUrl(String text) {
    static final String IN_WORDS =
            "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE?user=…&password=…";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int MAX_PORT = 65_535;

    /** Hosts with ports and a database; whatever stands behind the question mark. */
    private static final Pattern OF_POSTGRESQL =
            Pattern.compile(
                    "jdbc:postgresql:(?<hosts>//[A-Za-z0-9._,:\\[\\]-]+/)?[A-Za-z0-9._%-]*(\\?.*)?");

    private static final Pattern PORT = Pattern.compile("(?<=[A-Za-z0-9.\\]]):([0-9]*)(?=[,/])");

    /** Of a parameter. */
    private static final Pattern VALUE = Pattern.compile("[?&][^=&]*=([^&]*)");

    private static final Pattern KIND = Pattern.compile("jdbc:[a-z0-9]+:");

    static JdbcUrl parse(String text, Path home) {
        if (Secret.isUnfilled(text)
                || VALUE.matcher(text).results().anyMatch(JdbcUrl::isUnfilled)) {
            throw new UnusableText(Secret.NOTHING_FILLED_IN);
        }
        if (text.startsWith(SQLITE) && text.length() > SQLITE.length()) {
            String file = text.substring(SQLITE.length());
            return file.startsWith(":")
                    ? new JdbcUrl(text)
                    : new JdbcUrl(SQLITE + absolute(file, home));
        }
        if (text.startsWith(POSTGRESQL) && text.length() > POSTGRESQL.length()) {
            Matcher form = OF_POSTGRESQL.matcher(text);
            if (form.matches() && arePorts(form.group("hosts"))) {
                return new JdbcUrl(text);
            }
        }
        throw new UnusableText("must be " + IN_WORDS + ", not \"" + kind(text) + "…\"");
    }

    private static boolean isUnfilled(MatchResult value) {
        return Secret.isUnfilled(value.group(1));
    }

    private static Path absolute(String file, Path home) {
        try {
            return home.resolve(file).normalize();
        } catch (InvalidPathException e) {
            throw new UnusableText("must be " + IN_WORDS + ", and this is no path of a file");
        }
    }

    private static boolean arePorts(@Nullable String hosts) {
        return hosts == null
                || PORT.matcher(hosts)
                        .results()
                        .map(port -> port.group(1))
                        .allMatch(port ->
                                !port.isEmpty()
                                        && port.length() <= 5
                                        && Integer.parseInt(port) > 0
                                        && Integer.parseInt(port) <= MAX_PORT);
    }

    /** As much of any text as holds no password. */
    private static String kind(String text) {
        Matcher begin = KIND.matcher(text);
        return begin.lookingAt() ? begin.group() : "";
    }

    /** Whether several nodes may keep their logs there. */
    public boolean isShared() {
        return text.startsWith(POSTGRESQL);
    }

    /** Without what follows the question mark: it may hold a password. */
    @Override
    public String toString() {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }
}
