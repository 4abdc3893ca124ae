package org.consentgateway.ledger.nodes;

/**
 * Immutable. How far a node was seen to be.
 *
 * @param life one start of it
 * @param beats how often it has said that it lives
 */
public record SeenNode(String node, long life, long beats) {}
