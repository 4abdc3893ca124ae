package org.consentgateway.ledger.store;

/** Another process writes under the same node id. */
public final class LedgerClaimed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerClaimed(String node) {
        super(
                "node id \""
                        + node
                        + "\" is in use by another process on this store: stop it, or give this one"
                        + " its own id");
    }
}
