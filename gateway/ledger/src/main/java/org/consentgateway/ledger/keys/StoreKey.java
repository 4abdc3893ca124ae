package org.consentgateway.ledger.keys;

import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Immutable. One key for all payloads, as earlier versions had it. */
record StoreKey(SecretKeys.Key key) implements PayloadKey {
    @Override
    public String id() {
        return key.id();
    }

    @Override
    public Optional<byte[]> of(String log, long index) {
        return Optional.of(key.bytes());
    }

    @Override
    public byte[] marks() {
        return key.bytes();
    }

    @Override
    public PayloadKey without(String log, Collection<Long> indexes) {
        return this;
    }

    @Override
    public boolean hasOwn(String log, long index) {
        return false;
    }

    @Override
    public boolean isPerEntry() {
        return false;
    }

    @Override
    public List<Range> destroyed(String log, long size) {
        return List.of();
    }

    @Override
    public String line() {
        return id() + " " + Base64.getEncoder().encodeToString(key.bytes());
    }
}
