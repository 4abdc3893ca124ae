package org.consentgateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one part of the gateway has opened; what was opened last is closed first. Confined to one
 * thread at a time.
 *
 * <pre>
 * try (var opening = new OpenParts()) {
 *     Ledger ledger = opening.add(Ledger.open(…));
 *     …                                        // if this throws, the ledger is closed
 *     return new Proof(ledger, …, opening.keep());
 * }
 * </pre>
 */
final class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        opened.push(part);
        return part;
    }

    /** All of it, for whoever closes it from now on. */
    OpenParts keep() {
        var kept = new OpenParts();
        kept.opened.addAll(opened);
        opened.clear();
        return kept;
    }

    /** What does not close is told, and keeps nothing else from being closed. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            LOG.debug("closing {}", part.getClass().getSimpleName());
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
