package org.consentgateway.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.consentgateway.ledger.server.ServerAddresses;
import org.consentgateway.ledger.server.Standby;
import org.consentgateway.ledger.server.StandbyCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;

/** How it stands with the standby of a store, asked once and without opening a ledger. */
public final class StandbyQuestion {
    private StandbyQuestion() {}

    /**
     * Asks the primary where the address names several servers; takes some commit timeouts at most.
     *
     * @throws IOException where none of them answers as a primary
     */
    public static Standby ask(LedgerSettings settings) throws IOException {
        int servers = ServerAddresses.count(settings.url());
        if (Vendor.of(settings).isOneWriter() || servers < 2) {
            return Standby.NOT_ASKED;
        }
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            return StandbyCheck.of(connection, servers);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
