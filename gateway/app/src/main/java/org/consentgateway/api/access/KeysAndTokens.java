package org.consentgateway.api.access;

import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Immutable. Keys of ours, and beside them tokens of an identity provider: told apart by their
 * beginning, so that neither waits for what the other is checked by.
 */
public record KeysAndTokens(ApiCredentials keys, ApiCredentials tokens) implements ApiCredentials {

    @Override
    public Shown of(String bearer) throws LedgerUnavailable {
        boolean key = bearer.isEmpty() || bearer.startsWith(ApiKeyText.BEGINNING);
        return key ? keys.of(bearer) : tokens.of(bearer);
    }
}
