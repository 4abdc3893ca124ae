package org.consentgateway.ledger.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.tree.Digests;

/**
 * What is told one after the other: all of a person, else all of a call, else each by itself. A
 * hash, so that the outbox is no second place to look a person up.
 */
final class OrderKey {
    private static final int OCTETS = 12;

    private OrderKey() {}

    static String of(UUID entry, Facts facts) {
        String of =
                facts.subject() != null
                        ? "subject " + facts.subject()
                        : facts.callId() != null ? "call " + facts.callId() : "entry " + entry;
        byte[] hash = Digests.of(("outbox " + of).getBytes(StandardCharsets.UTF_8));
        return Digests.hex(Arrays.copyOf(hash, OCTETS));
    }
}
