package org.consentgateway.ledger.signing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.witness.Witnesses;

/** Thread-safe. What witnesses ask of a node's log, out of its store. */
public final class StoredProofs implements Witnesses.Proving {
    private final DataSource store;
    private final String node;
    private final NodeKeys keys;

    /**
     * @param store has to answer also when the writer has ended
     */
    public StoredProofs(DataSource store, String node, NodeKeys keys) {
        this.store = store;
        this.node = node;
        this.keys = keys;
    }

    @Override
    public List<byte[]> consistency(long from, long to) throws SQLException {
        try (Connection connection = store.getConnection()) {
            Optional<Log> log = Log.ofNode(connection, node);
            return Log.proofs(connection, log.orElseThrow().id()).consistency(from, to);
        }
    }

    @Override
    public long signed() throws SQLException {
        try (Connection connection = store.getConnection()) {
            Log log = Log.ofNode(connection, node).orElseThrow();
            return StoredCheckpoints.newestSize(connection, log);
        }
    }

    @Override
    public List<VerifierKey> keys() {
        return keys.verifiers();
    }
}
