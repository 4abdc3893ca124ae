package org.consentgateway.ledger.nodes;

import java.time.Instant;
import java.util.UUID;

/**
 * Immutable. A call that goes on at a node, with what its end has to say where that node cannot.
 *
 * @param answered when it was
 */
public record NodeCall(UUID id, String trunk, String line, Instant answered) {}
