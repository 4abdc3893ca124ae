package org.consentgateway.ledger;

/** The stored log contradicts itself or its checkpoints; the message says where. */
public final class LedgerTorn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerTorn(String message) {
        super(message);
    }
}
