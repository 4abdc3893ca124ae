package org.consentgateway.ledger.nodes;

import java.time.Instant;

/**
 * Immutable. A call whose node was not heard of any more.
 *
 * @param seen when the node was last heard of, by the store's time
 */
public record LostCall(NodeCall call, String node, Instant seen) {}
