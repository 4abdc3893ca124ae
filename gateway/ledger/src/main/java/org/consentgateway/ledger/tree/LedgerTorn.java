package org.consentgateway.ledger.tree;

/** The stored log contradicts itself or its checkpoints; the message says where. */
public final class LedgerTorn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerTorn(String message) {
        super(message);
    }
}
