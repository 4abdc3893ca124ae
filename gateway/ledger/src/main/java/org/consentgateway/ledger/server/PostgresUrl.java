package org.consentgateway.ledger.server;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Whether PostgreSQL's driver takes an address. What the driver refuses it says with the whole
 * text, and so the password, or writes what stands for a port into its log: so it is asked here,
 * before, and of what looks like one of its addresses alone.
 */
public final class PostgresUrl {
    private static final Pattern UNFINISHED = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final String SERVER = "(?:\\[[^/?@\\]]*\\]|[^/?@:,;\\[\\]]*)(?::[0-9]{1,5})?";
    private static final String DATABASE = "[^/?@:;]*";

    private static final Pattern FORM =
            Pattern.compile(
                    ("jdbc:postgresql:(?://" + SERVER + "(?:," + SERVER + ")*(?:/" + DATABASE)
                            + (")?|/?" + DATABASE + ")(?:\\?.*)?"),
                    Pattern.DOTALL);

    private PostgresUrl() {}

    /**
     * What is wrong with it, without a word of it.
     *
     * @return completes "KEY …"; null: nothing
     */
    public static @Nullable String fault(String url) {
        if (UNFINISHED.matcher(url).find()) {
            return "has a % that no two hexadecimal digits follow; the % of a password is written"
                    + " %25";
        }
        if (!FORM.matcher(url).matches()) {
            return "must be jdbc:postgresql://HOST:PORT/DATABASE?user=…&password=…";
        }
        if (!isTaken(url)) {
            return "is none that PostgreSQL's driver takes: ports, also in the options port and"
                    + " PGPORT, are 1 to 65535, and a service has to stand in pg_service.conf";
        }
        return null;
    }

    private static boolean isTaken(String url) {
        try {
            new PGSimpleDataSource().setUrl(url);
            return true;
        } catch (IllegalArgumentException saysAllOfIt) {
            return false;
        }
    }
}
