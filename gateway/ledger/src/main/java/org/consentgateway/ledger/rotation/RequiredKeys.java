package org.consentgateway.ledger.rotation;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Tables;
import org.consentgateway.ledger.store.Vendor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys are made for a new store only: new ones for an old store would make all that is in it
 * unreadable and its callers unknown, without a word.
 */
public final class RequiredKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RequiredKeys.class);

    private RequiredKeys() {}

    /**
     * Looks whether the keys are there that the configured store wants.
     *
     * @throws IOException where one is missing, or the store cannot be opened
     */
    public static void check(LedgerSettings settings) throws IOException {
        try {
            check(settings, Vendor.of(settings).open(settings, false));
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The same of an open store. One that cannot be asked now is looked at when it can ({@link
     * LogWriter}).
     *
     * @throws IOException where the store has entries and a key file of theirs is missing; where it
     *     cannot be asked, and one of two is missing that are made together
     */
    public static void check(LedgerSettings settings, DataSource source) throws IOException {
        List<Path> missing = KeyFiles.missing(settings.keys(), settings.node());
        if (missing.isEmpty()) {
            return;
        }
        List<Log> logs = List.of();
        try (Connection connection = source.getConnection()) {
            if (Tables.has(connection, "ledger_log")) {
                logs = Log.all(connection);
            }
        } catch (SQLException e) {
            LOG.warn("the store cannot be asked whether there should be keys: {}", e.toString());
            requireAllOrNone(missing);
        }
        for (Path file : missing) {
            boolean needed =
                    logs.stream()
                            .anyMatch(log ->
                                    log.size() > 0
                                            && (!KeyFiles.isOfNode(file, settings.node())
                                                    || log.node().equals(settings.node())));
            if (needed) {
                throw new IOException(
                        "the store has entries, but their key file "
                                + file
                                + " is not here: restore it from its backup, or copy it from"
                                + " another node; new keys would make them unreadable");
            }
        }
    }

    /** Of the keys that are not one node's: whoever has one of them has lost the other. */
    private static void requireAllOrNone(List<Path> missing) throws IOException {
        List<String> names = missing.stream().map(f -> f.getFileName().toString()).toList();
        if (names.contains("payload.keys") != names.contains("pseudonym.keys")) {
            throw new IOException(
                    "the key file "
                            + missing.getFirst()
                            + " is not here: restore it from its backup");
        }
    }
}
