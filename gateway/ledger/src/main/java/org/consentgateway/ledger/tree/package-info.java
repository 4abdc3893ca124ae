/**
 * Hashes, Merkle tree, signed checkpoints: RFC 6962, RFC 9162, RFC 8785 and the C2SP note formats,
 * without a store.
 */
@NullMarked
package org.consentgateway.ledger.tree;

import org.jspecify.annotations.NullMarked;
