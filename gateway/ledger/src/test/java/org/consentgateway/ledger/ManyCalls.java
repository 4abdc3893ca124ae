package org.consentgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;

/**
 * Confined to one thread. Fills a store on PostgreSQL with the rows that two years of calls leave,
 * as three other nodes have written them: by SQL, since writing them one after the other would take
 * hours. Their leaves are none and their payloads do not open: only what a statement costs is
 * right.
 */
final class ManyCalls {
    static final int LOGS = 3;
    static final String NOTICE = "booking";
    private static final int PER_CALL = 5;
    private static final int CALLS_OF_A_CALLER = 10;

    /** Of the marks of what was erased some: the keys of these entries are destroyed one by one. */
    private static final int MARKS = 3000;

    private static final long DAY = 86_400_000L;
    private static final long SPAN = 730 * DAY;

    private final Connection connection;
    private final long entries;
    private final long now;
    private final String key;

    /**
     * @param entries of all logs
     * @param key id under which payloads count as sealed
     */
    ManyCalls(Connection connection, long entries, long now, String key) {
        this.connection = connection;
        this.entries = entries;
        this.now = now;
        this.key = key;
    }

    /** A caller of whom there are some. */
    static String caller(long number) {
        return "many-" + number;
    }

    /** Of the n-th agreed call of each log. */
    String sipHash(long n) {
        return "sip-" + (n * 10 + 8);
    }

    long callers() {
        return Math.max(1, entries / PER_CALL / CALLS_OF_A_CALLER);
    }

    /** Of the n-th entry of a log; a later one is greater, as of version 7 (RFC 9562). */
    String id(int log, long n) {
        long millis = now - SPAN + n * SPAN / Math.max(1, entries / LOGS);
        String hex = String.format(Locale.ROOT, "%012x", millis);
        return "%s-%s-7%03d-8000-%012x".formatted(hex.substring(0, 8), hex.substring(8), log, n);
    }

    void fill() throws SQLException {
        run(
                "CREATE TEMP TABLE made (log INTEGER, idx BIGINT, call BIGINT, k INTEGER, ms"
                        + " BIGINT, grant_ms BIGINT)");
        for (int log = 1; log <= LOGS; log++) {
            fill(log + 1);
        }
        others();
        run("VACUUM (ANALYZE)");
    }

    /** Number 1 is the gateway's own. */
    private void fill(int log) throws SQLException {
        long size = entries / LOGS;
        run("TRUNCATE made");
        run(
                "INSERT INTO made SELECT %d, n, n / %d, (n %% %d)::int, %d + n * %d / %d, %d + (n - n %% %d + 1) * %d / %d"
                                .formatted(
                                        log,
                                        PER_CALL,
                                        PER_CALL,
                                        now - SPAN,
                                        SPAN,
                                        Math.max(1, size),
                                        now - SPAN,
                                        PER_CALL,
                                        SPAN,
                                        Math.max(1, size))
                        + " FROM generate_series(0::bigint, "
                        + (size - 1)
                        + ") n");
        run(
                "INSERT INTO ledger_log (id, node, origin, size, last_leaf, last_ms) VALUES (%d, 'other-%d',"
                                .formatted(log, log)
                        + " 'consent-gateway.local/log/other-"
                        + log
                        + "', "
                        + size
                        + ", sha256('leaf'), "
                        + now
                        + ")");
        run(
                "INSERT INTO ledger_entry SELECT log, idx, "
                        + ID
                        + ", ms, "
                        + TYPE
                        + ", sha256(idx::text::bytea), sha256((idx + log)::text::bytea) FROM made");
        run(
                "INSERT INTO ledger_lookup SELECT log, idx, "
                        + TYPE
                        + ", ms,"
                        + " CASE WHEN k = 0 OR "
                        + NO
                        + " THEN NULL ELSE 'many-' || call % "
                        + callers()
                        + " END,"
                        + " CASE WHEN k < 2 THEN '"
                        + NOTICE
                        + "' END, 'hotline', log || '-call-' || call,"
                        + " CASE WHEN k = 0 THEN 'sip-' || call END,"
                        + " CASE WHEN k >= 2 AND NOT "
                        + NO
                        + " THEN "
                        + GRANT
                        + " END,"
                        + " CASE WHEN k = 1 AND call % 10 >= 6 THEN ms + "
                        + 365 * DAY
                        + " END,"
                        + " ms + CASE WHEN k = 0 OR "
                        + NO
                        + " THEN "
                        + 30 * DAY
                        + " ELSE "
                        + 3 * 365 * DAY
                        + " END,"
                        + " CASE WHEN k = 1 AND NOT "
                        + NO
                        + " THEN '0.' || md5(idx::text) END"
                        + " FROM made WHERE "
                        + KEPT);
        run(
                "INSERT INTO ledger_payload SELECT log, idx, '"
                        + key
                        + "', decode(repeat(md5(idx::text), 28), 'hex') FROM made WHERE "
                        + KEPT);
        run(
                "INSERT INTO ledger_erased SELECT log, idx, '"
                        + key
                        + "', decode(repeat(md5(idx::text), 3), 'hex') FROM made WHERE NOT "
                        + KEPT
                        + " AND idx < "
                        + MARKS);
        run(
                "INSERT INTO ledger_tile SELECT "
                        + log
                        + ", 8, n, sha256(n::text::bytea)"
                        + " FROM generate_series(0::bigint, "
                        + (size / 256 - 1)
                        + ") n");
        run(
                "INSERT INTO ledger_checkpoint SELECT "
                        + log
                        + ", n * 500, "
                        + (now - SPAN)
                        + " + n, repeat('x', 300)"
                        + " FROM generate_series(1::bigint, "
                        + size / 500
                        + ") n");
        run("INSERT INTO ledger_tallied VALUES (" + log + ", " + size + ") ON CONFLICT DO NOTHING");
    }

    /** Three of ten callers say no. */
    private static final String NO = "(call % 10 < 3)";

    /** What was refused goes after a month. */
    private static final String KEPT =
            "(NOT " + NO + " OR ms > (SELECT max(ms) FROM made) - " + 30 * DAY + ")";

    private static final String ID =
            "substr(lpad(to_hex(ms), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(ms), 12, '0'), 9,"
                    + " 4) || '-7' || lpad(log::text, 3, '0') || '-8000-' || lpad(to_hex(idx), 12,"
                    + " '0')";

    /** Of the consent of the same call. */
    private static final String GRANT =
            ID.replace("(ms)", "(grant_ms)").replace("(idx)", "(idx - k + 1)");

    private static final String TYPE =
            "CASE k WHEN 0 THEN 'Served' WHEN 1 THEN CASE WHEN "
                    + NO
                    + " THEN CASE WHEN call % 2 = 0 THEN 'Refused' ELSE 'Unanswered' END"
                    + " WHEN call % 10 < 6 THEN 'Used' ELSE 'Given' END"
                    + " WHEN 2 THEN CASE WHEN "
                    + NO
                    + " THEN 'Accessed' ELSE 'AssistantOpened' END"
                    + " WHEN 3 THEN CASE WHEN "
                    + NO
                    + " THEN 'Accessed' ELSE 'AssistantCut' END ELSE CASE WHEN call % 5000 = 4 THEN"
                    + " 'RequestOpened' WHEN call % 5000 = 5 THEN 'TaskOpened' WHEN call % 10 = 7"
                    + " THEN 'Withdrawn' WHEN call % 10 > 5 AND ms < (SELECT max(ms) FROM made) -"
                    + " 31536000000 THEN 'Expired' WHEN call % 100 = 8 THEN 'HolderNotified' ELSE"
                    + " 'Accessed' END END";

    private void others() throws SQLException {
        for (Map.Entry<Integer, Long> state : Map.of(0, 500L, 1, entries / 20, 2, 50L).entrySet()) {
            run(
                    "INSERT INTO ledger_outbox (message_id, recipient, type, log, idx, time_ms,"
                        + " ordered_by, urgent, body, state, attempts, due_ms, leased_ms, holder,"
                        + " settled_ms, result) SELECT gen_random_uuid()::text, 'crm-' || n % 3,"
                        + " 'consent.given', 2, n * 5 + 1, "
                            + now
                            + " - n, md5((n / 3)::text), 0, repeat('x', 200), "
                            + state.getKey()
                            + ", 1, 0, 0, 'other', "
                            + (state.getKey() == 0
                                    ? "NULL"
                                    : now + " - n * " + 7 * DAY / state.getValue())
                            + ", 'ok' FROM generate_series(1::bigint, "
                            + state.getValue()
                            + ") n");
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
